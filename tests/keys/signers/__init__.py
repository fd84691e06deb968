"""Where private parts lie: one contract, and what each place may do wrong."""
