"""Providers and models in the admin. Every write goes through ``providers.actions``."""

from providers.admin.changes import ChangeAdmin
from providers.admin.model import ModelAdmin
from providers.admin.provider import ProviderAdmin
from providers.admin.provider_models import models_panel

__all__ = ["ChangeAdmin", "ModelAdmin", "ProviderAdmin", "models_panel"]
