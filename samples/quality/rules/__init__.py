"""The rules, by what they look at; each module ends in a tuple of them, which ``checking`` takes up. Pure."""
