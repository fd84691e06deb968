"""Tests of how the program keeps its signing keys."""
