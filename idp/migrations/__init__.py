"""The schema's history. Alembic runs it (``idp/migrate.py``); serving only asks where it stands."""

REVISION = "0022"
"""What this program needs: the newest file in ``versions``."""
