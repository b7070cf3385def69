from django.apps import AppConfig


class WorkbookConfig(AppConfig):
    name = "koers.workbook"
    label = "workbook"

    def ready(self) -> None:
        from koers.organisations.history import name_subjects
        from koers.workbook.naming import subject_words

        name_subjects(subject_words)
