"""Addresses of the console."""

CONSOLE = "/console"
JOIN = f"{CONSOLE}/join"
SIGN_IN = f"{CONSOLE}/sign-in"
PROVE = f"{CONSOLE}/prove"
SIGN_OUT = f"{CONSOLE}/sign-out"
KEYS = f"{CONSOLE}/keys"
STOP = f"{KEYS}/stop"
