"""All paths: the admin, and the API under /api/ without trailing slashes."""

from django.contrib import admin
from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularJSONAPIView

from legalds.api.errors import UnknownPath
from legalds.api.health import HealthView
from legalds.home.views import live
from legalds.security.sign_in import sign_in

handler400 = "legalds.security.unusable.handle_400"
handler403 = "legalds.security.refusals.handle_403"
handler500 = "legalds.api.errors.handle_500"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/home", admin.site.admin_view(live), name="home-live"),
    path("admin/login/", sign_in),  # before the admin's own, which stays the one that is linked to
    path("admin/", admin.site.urls),
    path("api/health", HealthView.as_view(), name="health"),
    path("api/schema", SpectacularJSONAPIView.as_view(), name="schema"),
    path("api/", include("providers.api.urls")),
    path("api/", include("samples.api.urls")),
    path("api/", include("generation.api.urls")),
    path("api", UnknownPath.as_view()),
    path("api/", UnknownPath.as_view()),
    path("api/<path:unknown>", UnknownPath.as_view()),
]
