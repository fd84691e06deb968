"""What people see: one file a page, every word in the catalogues, no script."""
