"""Who may speak to the server over HTTP: which token is which user, and where it may listen.

Contract. A file of tokens has one line for each: the user's name, then the token; ``#`` begins a comment. Tokens are
kept as digests and compared in constant time. Whoever has no token that is known is nobody; where there are tokens at
all, the token alone decides whose memory a call reaches. An address that others can reach needs a token. Errors:
AccessError (what is wrong, where, what to do), TenantError for a name that is not allowed.
"""

from __future__ import annotations

import hashlib
import hmac
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.errors import AgentError
from memory.paths import check_user

__all__ = ["MIN_TOKEN", "Access", "AccessError", "listen", "read_tokens"]

MIN_TOKEN = 16
"""Characters: fewer can be guessed."""
MAX_USERS = 10_000


class AccessError(AgentError):
    """The server cannot be opened as asked; the message says what is wrong and what to do."""


@dataclass(frozen=True)
class Access:
    """users: sha256 of a token to the user's name; none: everybody is let in (only where nobody else can knock)."""

    users: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, tokens: Mapping[str, str]) -> Access:
        """tokens: from each token to its user."""
        for token, user in tokens.items():
            check_user(user)
            if len(token) < MIN_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
                raise AccessError(
                    f"a token of {user} cannot be used: make it {MIN_TOKEN} or more ASCII characters without space"
                )
        return cls({_digest(token): user for token, user in tokens.items()})

    def user_of(self, token: str) -> str | None:
        """The user, None for a token that nobody has. Every entry is looked at, whatever comes of it."""
        given, found = _digest(token), None
        for known, user in self.users.items():
            if hmac.compare_digest(known, given):
                found = user
        return found


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def read_tokens(text: str, name: str) -> dict[str, str]:
    """From each token to its user, of the lines of a file called ``name``."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        if len(words) != 2:
            raise AccessError(f"{name} line {number}: write the user's name, a space and the token")
        user, token = words
        if token in found:
            raise AccessError(f"{name} line {number}: this token is another user's already: each user needs one")
        found[token] = user
    if not found or len(found) > MAX_USERS:
        raise AccessError(
            f"{name} holds {len(found)} tokens: write 1 to {MAX_USERS:,}, a user's name and a token a line"
        )
    return found


def listen(host: str, port: int, access: Access) -> socket.socket:
    """A listening socket; port 0: any that is free. AccessError where the address is open to the network and nobody
    needs a token, or where it cannot be had."""
    from svggen.serving.options import is_loopback

    if not access.users and not is_loopback(host):
        raise AccessError(
            f"{host} is open to the network: give a token (MNEMICON_MCP_TOKEN or --tokens FILE), or serve 127.0.0.1"
        )
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        return socket.create_server(found[0][4][:2], family=found[0][0], backlog=128)
    except (OSError, OverflowError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise AccessError(f"{host}:{port} cannot be served: {reason}; choose another --port or --host") from error
