"""How one signs in: seeing it, and changing it after proving anew who one is."""
