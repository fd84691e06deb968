"""The schema's history, and where it stands. Alembic runs it (``idp/migrate.py``); serving only asks."""

REVISION = "0001"
"""What this program needs: the newest file in ``versions``."""
