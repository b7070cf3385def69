from django.urls import path

from koers.workbook.views import pages as views

_pages = [
    path("administrations/<uuid:administration_id>/workbook/", views.start_workbook, name="start_workbook"),
    path("w/<uuid:workbook_id>/", views.course_map, name="course_map"),
    path("w/<uuid:workbook_id>/s/<str:section_id>/", views.section_page, name="section"),
    path("w/<uuid:workbook_id>/field/", views.one_field, name="one_field"),
    path("w/<uuid:workbook_id>/save", views.save, name="save"),
    path("w/<uuid:workbook_id>/settings/", views.workbook_settings, name="workbook_settings"),
    path("w/<uuid:workbook_id>/export/", views.export_workbook, name="export_workbook"),
    path("w/<uuid:workbook_id>/import/", views.import_workbook, name="import_workbook"),
]

urlpatterns = [*_pages]
