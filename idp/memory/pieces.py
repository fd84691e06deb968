"""Large pieces of memory go back to the system as soon as they are free.

glibc's mallopt(3), ``M_MMAP_THRESHOLD``: left alone it learns from the first password hash that
pieces of 19 MiB are common, and then keeps one for each thread that hashes.
"""

import ctypes

_MMAP_THRESHOLD = -3
LARGE = 1 << 20  # bytes


def give_back() -> None:
    """For this process. Other C libraries have no such habit, and no such function."""
    choose = getattr(ctypes.CDLL(None), "mallopt", None)
    if choose is not None:
        choose(_MMAP_THRESHOLD, LARGE)
