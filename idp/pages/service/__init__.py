"""A service as our pages show it: its name, its logo, the pages that it links to."""
