"""Samples in the admin: to find, to read, to review, to export, to throw away."""

from samples.admin.sample import SampleAdmin

__all__ = ["SampleAdmin"]
