"""What all parts of the API share."""
