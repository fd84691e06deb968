"""Two agencies, a register and their people, to try the provider with on one machine."""
