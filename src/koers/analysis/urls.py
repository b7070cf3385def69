from django.urls import path

from koers.analysis import measured_views, views

_MEASUREMENT = "w/<uuid:workbook_id>/measurements/<uuid:measurement_id>/"

urlpatterns = [
    path("method/", views.method, name="method"),
    path("w/<uuid:workbook_id>/analysis/", views.analysis, name="analysis"),
    path(f"{_MEASUREMENT}results/", measured_views.measured_results, name="measured_results"),
    path(f"{_MEASUREMENT}compare/", measured_views.compare_measurements, name="compare_measurements"),
]
