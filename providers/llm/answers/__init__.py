"""What vendors' good answers say. Pure."""
