"""Every change of the configuration, whoever asks: admin, API, command.

Each action is atomic, takes plain values, raises ValidationError with a message per field (Provider.DoesNotExist or
Model.DoesNotExist for a row that is not there) and returns the fresh row.
"""

from providers.actions.duplicating import duplicate_provider, suggested_names
from providers.actions.filling import Filled, fill_in, fillable
from providers.actions.in_place import (
    Championed,
    Moved,
    OutdatedError,
    lock,
    place_model,
    place_provider,
    set_champion,
    switch,
    try_again,
)
from providers.actions.learning import forget, note_answer, store
from providers.actions.models import (
    create_model,
    create_models,
    delete_model,
    move_model,
    reorder_models,
    set_model_enabled,
    set_priority,
    update_model,
)
from providers.actions.providers import (
    create_provider,
    delete_provider,
    move_provider,
    set_provider_enabled,
    update_provider,
)
from providers.actions.replacing import Replacement, replace_models, replacements_of
from providers.actions.secrets import reencrypt_secrets, set_secrets
from providers.actions.seeding import Seeded, seed
from providers.actions.suggestions import dismiss, note_limits, take_over
from providers.actions.vendor_lists import note_asked, note_list

__all__ = [
    "Championed",
    "Filled",
    "Moved",
    "OutdatedError",
    "Replacement",
    "Seeded",
    "create_model",
    "create_models",
    "create_provider",
    "delete_model",
    "delete_provider",
    "dismiss",
    "duplicate_provider",
    "fill_in",
    "fillable",
    "forget",
    "lock",
    "move_model",
    "move_provider",
    "note_answer",
    "note_asked",
    "note_limits",
    "note_list",
    "place_model",
    "place_provider",
    "reencrypt_secrets",
    "reorder_models",
    "replace_models",
    "replacements_of",
    "seed",
    "set_champion",
    "set_model_enabled",
    "set_priority",
    "set_provider_enabled",
    "set_secrets",
    "store",
    "suggested_names",
    "switch",
    "take_over",
    "try_again",
    "update_model",
    "update_provider",
]
