from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    name = "koers.analysis"
    label = "analysis"
