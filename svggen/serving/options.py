"""What a server allows: the limits of a request, of a batch and of the queue, and who may ask.

Contract. Every value is checked when ``Options`` is made: ``ServingError`` names the one that is wrong. ``check`` says
of a request what is beyond the limits. The secrets are in no ``repr``.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from ipaddress import ip_address

from svggen.errors import InvalidPictureError, ServingError, WireError
from svggen.models.base import DrawRequest

__all__ = ["Options", "is_loopback"]

MIN_TOKEN = 16
"""Characters: fewer can be guessed."""


@dataclass(frozen=True)
class Options:
    """max_batch: requests that are drawn together. max_wait: seconds that a request waits for companions. max_queue:
    requests that wait, those whose body is still coming included. max_body: bytes. max_pixels: width x height of a
    picture. max_n, max_seconds, max_tokens: of ``n`` and ``budget``. body_seconds: in which a body has to come.
    drain_seconds: that running requests have after SIGTERM. heartbeat: seconds between signs of life of a stream.
    tokens: the bearer tokens that are let in; none: everybody is (only for the loopback, see ``serve``)."""

    max_batch: int = 8
    max_wait: float = 0.01
    max_queue: int = 64
    max_body: int = 16_000_000
    max_pixels: int = 16_000_000
    max_n: int = 16
    max_seconds: float = 120.0
    max_tokens: int = 16_384
    body_seconds: float = 20.0
    drain_seconds: float = 60.0
    heartbeat: float = 5.0
    tokens: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        for name in ("max_batch", "max_queue", "max_n"):
            if getattr(self, name) < 1:
                raise ServingError(f"{name} is {getattr(self, name)}; it must be 1 or more")
        for name in ("max_wait", "max_body", "max_pixels", "max_seconds", "max_tokens", "drain_seconds"):
            if getattr(self, name) < 0:
                raise ServingError(f"{name} is {getattr(self, name)}; it must not be negative")
        if any(len(token) < MIN_TOKEN or not token.isascii() or not token.isprintable() for token in self.tokens):
            raise ServingError(f"a token must be {MIN_TOKEN} or more printable ASCII characters")

    def lets_in(self, authorization: str | None) -> bool:
        """Is this the value of an Authorization header that may ask? Takes the same time whatever is wrong with it."""
        if not self.tokens:
            return True
        scheme, _, given = (authorization or "").partition(" ")
        found = [hmac.compare_digest(given.strip().encode("latin-1", "replace"), t.encode()) for t in self.tokens]
        return scheme.lower() == "bearer" and any(found)

    def check(self, request: DrawRequest) -> None:
        """WireError names the field that is beyond the limits. A picture that cannot be read is left to the model: its
        draft will say so."""
        if request.n > self.max_n:
            raise WireError(f"it is {request.n}, this server draws at most {self.max_n}", "n")
        if request.budget.seconds > self.max_seconds:
            raise WireError(f"it is more than the {self.max_seconds:g} s of this server", "budget.seconds")
        if request.budget.tokens > self.max_tokens:
            raise WireError(f"it is more than the {self.max_tokens:,} of this server", "budget.tokens")
        if request.image is not None:
            self._check_picture(request.image)

    def _check_picture(self, image: bytes) -> None:
        from svggen.pictures import picture_size

        try:
            width, height = picture_size(image)
        except InvalidPictureError:
            return
        if width * height > self.max_pixels:
            raise WireError(f"{width} x {height} px are more than {self.max_pixels:,} pixels; scale it down", "image")


def is_loopback(host: str) -> bool:
    """Does this name only this machine itself?"""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
