"""What the process does with its memory."""
