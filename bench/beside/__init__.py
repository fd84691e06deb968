"""The same requests to us and to node-oidc-provider, and why the answers differ where they do."""
