"""Addresses of pages that other pages lead to."""

ACCOUNT = "/account"
SIGN_IN = "/sign-in"
