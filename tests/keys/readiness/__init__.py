"""Tests of who has fetched which key, and of the gate."""
