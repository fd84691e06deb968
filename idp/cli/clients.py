"""``motcua clients``: agencies' services. ``apply`` makes it so, however often it is run."""
