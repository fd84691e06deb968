"""How fast: Motcua beside node-oidc-provider, on the same machine in the same minutes."""
