"""Providers and models in the admin. Every write goes through ``providers.actions``."""

from providers.admin.changes import ChangeAdmin
from providers.admin.model import ModelAdmin
from providers.admin.panels.exposed import exposed_panel
from providers.admin.panels.provider_models import models_panel
from providers.admin.panels.standing_panel import known_panel, standings_panel
from providers.admin.provider import ProviderAdmin

__all__ = [
    "ChangeAdmin",
    "ModelAdmin",
    "ProviderAdmin",
    "exposed_panel",
    "known_panel",
    "models_panel",
    "standings_panel",
]
