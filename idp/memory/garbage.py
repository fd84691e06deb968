"""The collector of garbage rests during the start, and leaves alone what is there at its end.

Importing makes some hundred thousand objects that stay as long as the process: to look for garbage
among them costs a sixth of the start, and would stop everything for a tenth of a second now and
then while requests wait. The ``gc`` module's ``disable`` and ``freeze``.
"""

import gc


def rest() -> None:
    """For this process, before what serves is imported."""
    gc.disable()


def resume() -> None:
    """Once it is ready: what was made until now stays, what is made from now on is looked at."""
    gc.freeze()
    gc.enable()
