"""Runs the portal: ``python -m examples.portal``."""

from examples.agency.serve import serve
from examples.portal import PORTAL

serve(PORTAL)
