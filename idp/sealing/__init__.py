"""Where something lies sealed, and the care of the keys it is sealed with."""
