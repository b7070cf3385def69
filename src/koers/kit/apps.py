from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "koers.kit"
    label = "kit"
