"""What is secret, and what may be shown of it."""
