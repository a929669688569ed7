"""Python's collector of garbage, and where it only costs time."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Let no garbage be looked for: hundreds of thousands of lines hold none, and each look goes through all of them."""
    if not gc.isenabled():  # another thread is here
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
