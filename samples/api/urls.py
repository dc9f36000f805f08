"""The addresses of samples in the API."""

from django.urls import path

from samples.api import views

urlpatterns = [
    path("samples", views.SampleList.as_view(), name="samples"),
    path("samples/export", views.SampleExport.as_view(), name="samples-export"),
    path("samples/review", views.BulkReview.as_view(), name="samples-review"),
    path("samples/<int:pk>/review", views.SampleReview.as_view(), name="sample-review"),
    path("samples/<int:pk>", views.SampleDetail.as_view(), name="sample"),
    path("topics", views.TopicList.as_view(), name="topics"),
    path("sample-types", views.SampleTypeList.as_view(), name="sample-types"),
]
