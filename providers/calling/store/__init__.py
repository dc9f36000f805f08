"""The state that all workers share: its protocol, and its home in Redis."""
