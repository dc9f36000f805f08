"""Providers and models in the admin. Every write goes through ``providers.actions``."""

from providers.admin.model import ModelAdmin
from providers.admin.provider import ProviderAdmin

__all__ = ["ModelAdmin", "ProviderAdmin"]
