"""Where a user's memory lies, and which names a user, project or session may bear.

Contract. ``user_dir`` is a pure function of (home, user): every part of the program that keeps something of a user's
keeps it below that folder, so that erasing a user is erasing one folder. Names are checked before they become a path,
a SQL parameter or a collection name; there is no wildcard. Raises TenantError (the caller's to mend) and nothing
else, except ``make_private``, which lets OSError through.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from memory.errors import TenantError
from memory.records import Tenant

__all__ = ["check_tenant", "check_user", "erasure_log", "make_private", "tenant_key", "user_dir"]

_USER = re.compile(r"[A-Za-z0-9_.@-]{1,64}")
_LABEL = re.compile(
    r"[\w .@:/+-]{1,128}"
)  # projects and sessions: also other alphabets, spaces and paths; never * ? % or quotes


def check_user(user: str) -> str:
    """``user`` itself, if it is 1..64 characters of ``[A-Za-z0-9_.@-]`` with a letter or digit among them."""
    if not isinstance(user, str) or not _USER.fullmatch(user) or not any(c.isalnum() for c in user):
        raise TenantError(
            f"user name {_shown(user)} is not allowed: 1 to 64 letters, digits or _ . @ - (no wildcards, no spaces)"
        )
    return user


def check_tenant(tenant: Tenant) -> Tenant:
    """``tenant`` itself, if its three names are allowed; raises TenantError for the first that is not."""
    if not isinstance(tenant, Tenant):
        raise TenantError(f"a Tenant is needed, not {type(tenant).__name__}")
    check_user(tenant.user)
    for kind, name in (("project", tenant.project), ("session", tenant.session)):
        if name is not None and (not isinstance(name, str) or not _LABEL.fullmatch(name) or not name.strip()):
            raise TenantError(
                f"{kind} name {_shown(name)} is not allowed: 1 to 128 letters, digits, spaces or _ . @ : / + -"
            )
    return tenant


def tenant_key(user: str) -> str:
    """The user's folder and collection name: a readable prefix and 12 hexadecimal digits of sha256, so that names that
    differ only in case or in characters that a file system refuses stay apart."""
    digest = hashlib.sha256(check_user(user).encode()).hexdigest()
    prefix = re.sub(r"[^a-z0-9]+", "-", user.lower()).strip("-")[:24]
    return f"{prefix}-{digest[:12]}"


def user_dir(home: Path, user: str) -> Path:
    """The folder that holds everything kept of this user (it may not exist yet)."""
    return Path(home) / "users" / tenant_key(user)


def erasure_log(home: Path) -> Path:
    """One line for each user erased: a time and a hash, no name and no content."""
    return Path(home) / "erasures.log"


def make_private(folder: Path) -> Path:
    """``folder``, made with its parents where missing, readable by its owner alone (0700). Raises OSError."""
    missing = [p for p in (folder, *folder.parents) if not p.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        os.chmod(folder, 0o700)
    return folder


def _shown(name: object) -> str:
    """At most 40 characters of a refused name, quoted."""
    text = repr(name)
    return text if len(text) <= 42 else text[:40] + "…'"
