"""The provider as the OpenID Foundation's conformance suite wants to meet it."""
