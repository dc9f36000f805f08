"""What an order will probably take: time, tokens and money."""
