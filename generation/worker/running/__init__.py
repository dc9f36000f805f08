"""What keeps workers and batches going."""
