"""A PKCS #11 module, loaded once in each process and told that several threads call it.

PKCS #11 section 5.4 (``C_Initialize``): who says nothing promises to call from one thread alone,
and the library that we load it with says nothing. In a process that was forked from one that had
it open, what came along is put away first.
"""

import ctypes
import os
import threading
from pathlib import Path

from pkcs11._pkcs11 import lib
from pkcs11.exceptions import PKCS11Error

OS_LOCKING_OK = 0x2
OK, ALREADY_INITIALIZED = 0x0, 0x191


class _Arguments(ctypes.Structure):
    """``CK_C_INITIALIZE_ARGS``: no locks of ours."""

    _fields_ = (
        *((name, ctypes.c_void_p) for name in ("create", "destroy", "lock", "unlock")),
        ("flags", ctypes.c_ulong),
        ("reserved", ctypes.c_void_p),
    )


class Module(lib):
    """Initialized for this process, for several threads."""

    def initialize(self) -> None:
        functions, arguments = ctypes.CDLL(self.so), _Arguments(flags=OS_LOCKING_OK)
        code = functions.C_Initialize(ctypes.byref(arguments))
        if code == ALREADY_INITIALIZED:  # by the process that we were forked from
            functions.C_Finalize(None)
            code = functions.C_Initialize(ctypes.byref(arguments))
        if code != OK:
            raise PKCS11Error(f"C_Initialize: {code:#x}")

    def look_again(self) -> None:
        """At what tokens there are: a module may look once, and miss one that is written to."""
        ctypes.CDLL(self.so).C_Finalize(None)
        self.initialize()


_LOADED: dict[tuple[int, Path], Module] = {}
_ONE_AT_A_TIME = threading.Lock()


def load(path: Path) -> Module:
    """The same one for the whole process. Raises ``PKCS11Error``, and ``OSError``."""
    mark = os.getpid(), path
    with _ONE_AT_A_TIME:
        if mark not in _LOADED:
            _LOADED[mark] = Module(str(path))
        return _LOADED[mark]
