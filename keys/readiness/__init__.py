"""Who has fetched which key, and whether enough have for it to sign."""
