"""What the example agencies have in common: a standard OpenID Connect client with plain pages."""
