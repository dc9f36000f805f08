"""The taxonomy's closed vocabularies as choices of the database."""

from samples.taxonomy import taxonomy

JURISDICTIONS = [(entry.id, entry.name) for entry in taxonomy().jurisdictions]
DIFFICULTIES = [(entry.id, entry.id.capitalize()) for entry in taxonomy().difficulties]
SAMPLE_TYPES = [(entry.id, entry.name) for entry in taxonomy().sample_types]
