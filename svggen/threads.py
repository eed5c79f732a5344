"""One thread for small matrices.

Contract. ``with one_thread():`` numpy's products run on the calling thread alone. The nets here are small: two threads
gain a third at best where both cores are free, and where something else runs they wait for each other at every product
(measured on two busy cores: 1.3 s with one thread, 4 to 16 s with two, for the same eight drawings).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

__all__ = ["one_thread"]


@lru_cache(maxsize=1)
def _controller() -> Any:
    import numpy  # noqa: F401  # the controller sees the libraries that are loaded when it is made
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")


@contextmanager
def one_thread() -> Iterator[None]:
    """Products of numpy on one thread, for this process, while inside."""
    with _controller().limit(limits=1):
        yield
