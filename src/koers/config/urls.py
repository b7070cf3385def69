"""Every address of the product. The permission table of tests/ visits each of them."""

from django.urls import include, path

from koers.config import api, views

urlpatterns = [
    path("", views.home, name="home"),
    path("language/", views.choose_language, name="choose_language"),
    path("components/", views.components, name="components"),
    path("health/", views.health, name="health"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("sw.js", views.service_worker, name="service_worker"),
    path("api/", api.api_page, name="api_page"),
    path("api/v1/", api.api_root, name="api_root"),
    path("api/v1/", api.api.urls),
    path("api/v1/<path:rest>", api.api_nowhere, name="api_nowhere"),
    path("accounts/", include("koers.organisations.account_urls")),
    path("", include("koers.organisations.urls")),
    path("", include("koers.workbook.urls")),
    path("", include("koers.assessment.urls")),
    path("", include("koers.analysis.urls")),
    path("", include("koers.documents.urls")),
]

handler400 = "koers.config.views.bad_request"
handler403 = "koers.config.views.forbidden"
handler404 = "koers.config.views.not_found"
handler500 = "koers.config.views.server_error"
