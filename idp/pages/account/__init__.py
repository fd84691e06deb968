"""The rooms of the account: what a person sees of it, and what they can do there."""
