"""The configuration as it is, as it was, and who changed it."""
