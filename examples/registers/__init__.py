"""A population register with a hundred people, none of them real."""
