from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "koers.assessment"
    label = "assessment"
