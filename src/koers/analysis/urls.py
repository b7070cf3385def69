from django.urls import path

from koers.analysis import views

urlpatterns = [path("w/<uuid:workbook_id>/analysis/", views.results, name="analysis")]
