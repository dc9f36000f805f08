"""HTTP to vendors: out, and back within bounds."""
