"""What developing takes beside the product and its tests."""
