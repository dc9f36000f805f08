"""The pages of the taxonomy."""

from samples.admin.terms.pages import DifficultyAdmin, JurisdictionAdmin, SampleTypeAdmin, TopicAdmin

__all__ = ["DifficultyAdmin", "JurisdictionAdmin", "SampleTypeAdmin", "TopicAdmin"]
