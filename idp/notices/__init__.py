"""Notices: what people are told when the way into their account changes."""
