"""Legal citations: found in a text, read into structured data, and whether such a one can exist. Pure."""
