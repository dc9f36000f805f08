"""Calls on their way: failover, waiting line, gateway, and the store that all workers share."""
