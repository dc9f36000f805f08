"""Duplicates among the samples that are stored: finding them, and keeping what they are found by."""
