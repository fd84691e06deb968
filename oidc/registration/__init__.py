"""Clients that register themselves, as the engine hears and answers them. RFC 7591, RFC 7592."""
