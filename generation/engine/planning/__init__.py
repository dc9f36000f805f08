"""From an order to the specs of its items: what its words mean, how often each comes, what makes cases differ."""
