"""A small network that reads digits."""
