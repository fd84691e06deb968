"""Sending what lies in the outbox: who sends which kind, and the work that goes on in ``serve``."""
