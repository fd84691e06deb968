"""The registers that are answerable for a person's data, and what they said a moment ago."""
