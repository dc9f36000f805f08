"""Items in work: planned, claimed, within caps; and the batches that they are of, with their places."""
