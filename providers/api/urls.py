"""The addresses of providers and models in the API."""

from django.urls import path

from providers.api import connection_views, limits, standings, suggestion_views, views

urlpatterns = [
    path("changes", views.ChangeList.as_view(), name="changes"),
    path("limits", limits.InstallationLimits.as_view(), name="installation-limits"),
    path("providers", views.ProviderCollection.as_view(), name="providers"),
    path("providers/all", views.ProviderList.as_view(), name="providers-all"),
    path("providers/stats", views.ProviderStats.as_view(), name="provider-stats"),
    path("providers/<slug:pk>", views.ProviderDetail.as_view(), name="provider"),
    path("providers/<slug:pk>/toggle", views.ProviderToggle.as_view(), name="provider-toggle"),
    path("providers/<slug:pk>/config", views.ProviderSecrets.as_view(), name="provider-config"),
    path("providers/<slug:pk>/duplicate", views.ProviderDuplicate.as_view(), name="provider-duplicate"),
    path("providers/<slug:pk>/test", connection_views.ProviderTest.as_view(), name="provider-test"),
    path("providers/<slug:pk>/offered", connection_views.ProviderOffered.as_view(), name="provider-offered"),
    path("providers/<slug:pk>/fill", standings.ProviderFilling.as_view(), name="provider-fill"),
    path(
        "providers/<slug:pk>/suggestions", suggestion_views.ProviderSuggestions.as_view(), name="provider-suggestions"
    ),
    path("routes/explain", views.RouteExplanation.as_view(), name="route-explain"),
    path("models", views.ModelCollection.as_view(), name="models"),
    path("models/all", views.ModelList.as_view(), name="models-all"),
    path("models/standings", standings.ModelStandings.as_view(), name="model-standings"),
    path("models/replace", standings.ModelReplacement.as_view(), name="model-replace"),
    path("models/reorder", views.ModelReorder.as_view(), name="model-reorder"),
    path("models/<int:pk>", views.ModelDetail.as_view(), name="model"),
    path("models/<int:pk>/toggle", views.ModelToggle.as_view(), name="model-toggle"),
    path("models/<int:pk>/forget", views.ModelForget.as_view(), name="model-forget"),
    path("models/<int:pk>/priority", views.ModelPriority.as_view(), name="model-priority"),
]
