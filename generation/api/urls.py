"""The addresses of batches in the API."""

from django.urls import path

from generation.api import prompts, views
from generation.api.forecast import Forecast

urlpatterns = [
    path("models/quality", views.ModelQualityList.as_view(), name="model-quality"),
    path("forecast", Forecast.as_view(), name="forecast"),
    path("batches", views.BatchList.as_view(), name="batches"),
    path("batches/estimate", views.BatchEstimate.as_view(), name="batch-estimate"),
    path("batches/<int:pk>", views.BatchDetail.as_view(), name="batch"),
    path("batches/<int:pk>/stop", views.BatchStop.as_view(), name="batch-stop"),
    path("batches/<int:pk>/resume", views.BatchResume.as_view(), name="batch-resume"),
    path("batches/<int:pk>/retry", views.BatchRetry.as_view(), name="batch-retry"),
    path("batches/<int:pk>/events", views.BatchEventList.as_view(), name="batch-events"),
    path("batches/<int:pk>/failed", views.BatchFailedList.as_view(), name="batch-failed"),
    path("batches/<int:pk>/authorities", views.BatchAuthorities.as_view(), name="batch-authorities"),
    path("prompts", prompts.PromptList.as_view(), name="prompts"),
    path("prompts/<int:number>", prompts.PromptDetail.as_view(), name="prompt"),
    path("prompts/<int:number>/current", prompts.PromptCurrent.as_view(), name="prompt-current"),
    path("prompts/<int:number>/preview", prompts.PromptPreview.as_view(), name="prompt-preview"),
    path("batches/<int:pk>/samples", views.BatchSampleList.as_view(), name="batch-samples"),
]
