"""What keeps the house: tools that the Makefile calls and the tests share. Never shipped."""
