"""Whether a sample is worth training on: rules over its text alone, each with a name. Pure."""
