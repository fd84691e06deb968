"""Accounts: one person, one personal number, one account."""
