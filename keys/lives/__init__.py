"""The lives of signing keys: the table of their states, what moves them, and when."""
