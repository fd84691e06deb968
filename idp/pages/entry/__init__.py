"""The steps of a sign-in, after the first or beside it."""
