"""Sessions: who is signed in, in which browser, since when and how surely."""
