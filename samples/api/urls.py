"""The addresses of samples in the API."""

from django.urls import path

from samples.api import term_views, views

urlpatterns = [
    path("samples", views.SampleList.as_view(), name="samples"),
    path("samples/export", views.SampleExport.as_view(), name="samples-export"),
    path("samples/review", views.BulkReview.as_view(), name="samples-review"),
    path("samples/<int:pk>/review", views.SampleReview.as_view(), name="sample-review"),
    path("samples/<int:pk>", views.SampleDetail.as_view(), name="sample"),
    path("taxonomy/jurisdictions", term_views.JurisdictionCollection.as_view(), name="jurisdictions"),
    path("taxonomy/jurisdictions/<slug:word>", term_views.JurisdictionDetail.as_view(), name="jurisdiction"),
    path("taxonomy/jurisdictions/<slug:word>/place", term_views.JurisdictionPlace.as_view(), name="jurisdiction-place"),
    path("taxonomy/difficulties", term_views.DifficultyCollection.as_view(), name="difficulties"),
    path("taxonomy/difficulties/<slug:word>", term_views.DifficultyDetail.as_view(), name="difficulty"),
    path("taxonomy/difficulties/<slug:word>/place", term_views.DifficultyPlace.as_view(), name="difficulty-place"),
    path("taxonomy/sample-types", term_views.SampleTypeCollection.as_view(), name="taxonomy-sample-types"),
    path("taxonomy/sample-types/<slug:word>", term_views.SampleTypeDetail.as_view(), name="taxonomy-sample-type"),
    path("taxonomy/sample-types/<slug:word>/place", term_views.SampleTypePlace.as_view(), name="sample-type-place"),
    path("taxonomy/topics", term_views.TopicCollection.as_view(), name="taxonomy-topics"),
    path("taxonomy/topics/<path:word>/place", term_views.TopicPlace.as_view(), name="topic-place"),
    path("taxonomy/topics/<path:word>", term_views.TopicDetail.as_view(), name="taxonomy-topic"),
    path("topics", views.TopicList.as_view(), name="topics"),
    path("sample-types", views.SampleTypeList.as_view(), name="sample-types"),
]
