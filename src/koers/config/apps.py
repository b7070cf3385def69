from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "koers.config"
    label = "config"
