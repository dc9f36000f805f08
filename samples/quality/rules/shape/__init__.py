"""Rules on the shape of the texts: what no sample should look like, whatever was asked for. Pure."""
