from django.urls import path

from samples import views

urlpatterns = [
    path("samples", views.SampleList.as_view(), name="samples"),
    path("samples/<int:pk>", views.SampleDetail.as_view(), name="sample"),
    path("topics", views.TopicList.as_view(), name="topics"),
    path("sample-types", views.SampleTypeList.as_view(), name="sample-types"),
]
