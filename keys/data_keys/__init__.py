"""Data keys: made at random, wrapped by the key-encryption key, followed one by another."""
