"""The lives of signing keys, as the program keeps them: settings, rotation, emergency."""
