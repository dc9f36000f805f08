"""Items in work: planned, claimed, within caps, at places."""
