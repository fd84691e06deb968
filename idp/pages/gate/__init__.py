"""What stands before every form: it is ours, of this browser, and counts once."""
