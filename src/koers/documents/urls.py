from django.urls import path

from koers.documents import figure_views, views

urlpatterns = [
    path(
        "w/<uuid:workbook_id>/analysis/figures/<slug:figure>/<slug:form>/",
        figure_views.workbook_figure,
        name="workbook_figure",
    ),
    path(
        "w/<uuid:workbook_id>/measurements/<uuid:measurement_id>/figures/<slug:figure>/<slug:form>/",
        figure_views.measured_figure,
        name="measured_figure",
    ),
    path(
        "w/<uuid:workbook_id>/measurements/<uuid:measurement_id>/compare/figures/<slug:figure>/<slug:form>/",
        figure_views.compared_figure,
        name="compared_figure",
    ),
    path("w/<uuid:workbook_id>/note/", views.note, name="note"),
    path("w/<uuid:workbook_id>/note/compose/", views.compose_note, name="compose_note"),
    path("w/<uuid:workbook_id>/note/download/<str:form>/", views.download_note, name="download_note"),
    path(
        "w/<uuid:workbook_id>/workshops/<uuid:workshop_id>/report/<str:form>/",
        views.workshop_report,
        name="workshop_report",
    ),
]
