"""Every page of the application as people meet it, for pictures and for the tests of all."""
