"""Clients that register themselves, under a policy. RFC 7591, RFC 7592."""
