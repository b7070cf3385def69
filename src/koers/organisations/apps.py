from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "koers.organisations"
    label = "organisations"
