"""Samples in the admin: to find, to read, to review, to export, to throw away; and the taxonomy, to edit."""

from samples.admin.sample import SampleAdmin
from samples.admin.terms import DifficultyAdmin, JurisdictionAdmin, SampleTypeAdmin, TopicAdmin

__all__ = ["DifficultyAdmin", "JurisdictionAdmin", "SampleAdmin", "SampleTypeAdmin", "TopicAdmin"]
