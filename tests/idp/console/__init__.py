"""The console and its officers."""
