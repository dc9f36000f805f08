"""What is made of the configuration and of the shared store's answers for people to read."""
