"""Runs the Tax Department: ``python -m examples.tax``."""

from examples.agency.serve import serve
from examples.tax import TAX

serve(TAX)
