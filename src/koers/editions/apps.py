from django.apps import AppConfig


class EditionsConfig(AppConfig):
    name = "koers.editions"
    label = "editions"
