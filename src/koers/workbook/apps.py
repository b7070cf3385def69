from django.apps import AppConfig


class WorkbookConfig(AppConfig):
    name = "koers.workbook"
    label = "workbook"
