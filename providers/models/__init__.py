"""Who can generate: providers, their models, their secrets."""

from providers.models.configuration import ConfigurationChange, ConfigurationVersion
from providers.models.limit import Limit
from providers.models.model import Model, Reroute
from providers.models.provider import Provider
from providers.models.provider_config import ProviderConfig
from providers.models.told_limit import ToldLimit
from providers.models.vendor_list import VendorList

__all__ = [
    "ConfigurationChange",
    "ConfigurationVersion",
    "Limit",
    "Model",
    "Provider",
    "ProviderConfig",
    "Reroute",
    "ToldLimit",
    "VendorList",
]
