"""Results on their way into the database."""
