"""Where the command line writes: named after the subject, never over a file that is there, whole or not at all.

Contract. ``write_group`` writes several files that share one stem and one number ("coffee-cup.svg", "coffee-cup.png";
taken: "coffee-cup-2.svg", "coffee-cup-2.png"). Each file appears under its name with its whole content or not at all,
and two processes that want the same name get different numbers. ``write_folder`` writes many files into one folder, all
or none: a folder that is not there yet appears with all of them at once. When anything fails (no right to write, disk
full, Ctrl-C) what was begun is removed and ``InputError`` says in one line what is wrong, where, and what to do.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from agent.cli.errors import InputError

MAX_STEM = 48  # characters; below 200 bytes in any script, so that "-sheet.png" and a number still fit in 255 bytes
MAX_NUMBER = 100_000  # names tried for one stem before we say that the folder is full of them
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"com{i}" for i in range(10)), *(f"lpt{i}" for i in range(10))})


def stem(words: str) -> str:
    """Kebab-case for a file name, at most 48 characters: "A rounded coffee cup!" gives "a-rounded-coffee-cup".

    Accents are dropped from Latin letters, other scripts keep their letters, and words without a letter or a digit
    (emoji) give "icon". The names that Windows reserves get "-icon" behind them.
    """
    flat = "".join(c for c in unicodedata.normalize("NFKD", words) if not unicodedata.combining(c))
    flat = unicodedata.normalize("NFC", flat).lower().replace("'", "").replace("’", "")
    slug = re.sub(r"[\W_]+", "-", flat).strip("-")
    if len(slug) > MAX_STEM:
        cut = slug[:MAX_STEM]
        slug = cut.rpartition("-")[0] or cut
    if slug in _RESERVED:
        return f"{slug}-icon"
    return slug or "icon"


def read_bytes(path: Path, *, limit: int, what: str = "file") -> bytes:
    """The content of a regular file of at most ``limit`` bytes; ``InputError`` says why not."""
    try:
        info = path.stat()
        if stat.S_ISDIR(info.st_mode):
            raise InputError(f"{path} is a folder, not a {what}", hint="name one file in it")
        if not stat.S_ISREG(info.st_mode):
            raise InputError(f"{path} is not a regular file")
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise InputError(f"there is no {what} {path}", hint="check the name") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise InputError(f"cannot read {path}: {reason(error)}") from error
    if len(data) > limit:
        raise InputError(f"{path} is larger than {limit:,} bytes", hint=f"a {what} is smaller than that")
    return data


def reason(error: OSError | ValueError) -> str:
    """The cause of a failed file operation, in words."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "the disk is full"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[0].lower() + error.strerror[1:]
    return str(error)


def _unwritable(path: Path, error: OSError | ValueError) -> InputError:
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    hint = "free some space or choose another folder with --out" if full else "choose another folder with --out"
    return InputError(f"cannot write {path}: {reason(error)}", hint=hint)


def folder(path: Path | None) -> Path:
    """The output folder, made where it is missing; the current folder for None."""
    target = path if path is not None else Path()
    try:
        target.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise InputError(f"{target} is a file, not a folder", hint="choose a folder with --out") from None
    except (OSError, ValueError) as error:
        raise _unwritable(target, error) from error
    if not os.access(target, os.W_OK | os.X_OK):
        raise InputError(f"cannot write in {target}: permission denied", hint="choose another folder with --out")
    return target


def _write_temporary(target: Path, data: bytes) -> Path:
    """A new hidden file beside ``target`` with the whole content, on disk."""
    temporary = target.with_name(f".{target.name}.{os.urandom(4).hex()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _publish(temporary: Path, target: Path) -> None:
    """Gives the finished file its name; FileExistsError where the name is taken. A hard link does both in one step;
    where the file system has none, an exclusive create takes the name and a rename fills it."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        os.replace(temporary, target)


def write_group(directory: Path, name: str, parts: Mapping[str, bytes]) -> dict[str, Path]:
    """Writes ``{"": svg, ".png": ...}``-like parts as ``directory/name + suffix``; keys are suffixes ("-sheet.png").

    Returns the path of each suffix. All parts share the first number that is free for every one of them.
    """
    temporaries: dict[str, Path] = {}
    try:
        for suffix, data in parts.items():
            temporaries[suffix] = _write_temporary(directory / f"{name}{suffix}", data)
        for number in range(1, MAX_NUMBER):
            numbered = name if number == 1 else f"{name}-{number}"
            targets = {suffix: directory / f"{numbered}{suffix}" for suffix in parts}
            if any(os.path.lexists(target) for target in targets.values()):
                continue
            if _publish_all(temporaries, targets):
                return targets
        raise InputError(
            f"{directory} holds {MAX_NUMBER:,} files named {name}", hint="choose another folder with --out"
        )
    except (OSError, ValueError) as error:
        raise _unwritable(directory / name, error) from error
    finally:
        for temporary in temporaries.values():
            temporary.unlink(missing_ok=True)


def _publish_all(temporaries: Mapping[str, Path], targets: Mapping[str, Path]) -> bool:
    """All names or none; False where another process was faster."""
    done: list[Path] = []
    try:
        for suffix, target in targets.items():
            _publish(temporaries[suffix], target)
            done.append(target)
    except BaseException as error:
        for target in done:
            target.unlink(missing_ok=True)
        if isinstance(error, FileExistsError):
            return False
        raise
    return True


def _is_special(target: Path) -> bool:
    """A device, a pipe, a socket: as root a rename over /dev/null takes it from the whole machine. OSError for links
    in a ring."""
    try:
        return not stat.S_ISREG(target.stat().st_mode)
    except FileNotFoundError:
        return False


def picture_name(path: Path) -> Path:
    """``path``, if it is the name of a PNG: a picture is not written over an icon, whatever --force says."""
    if path.suffix.lower() != ".png":
        raise InputError(f"{path} is not the name of a PNG", hint="name a file that ends in .png")
    return path


def write_file(target: Path, data: bytes, *, force: bool = False) -> Path:
    """One file under the very name that was asked for; an existing one is replaced only with ``force``, and only a
    regular file: a device or a pipe is never renamed away. Through a link it is the file behind it that is replaced."""
    try:
        if target.is_dir():
            raise InputError(f"{target} is a folder, not a file", hint="name a file")
        if not target.parent.is_dir():
            raise InputError(f"there is no folder {target.parent}", hint="make it first")
        if _is_special(target):
            raise InputError(f"{target} is not a regular file", hint="name a file")
        place = target.resolve() if force else target
        temporary = _write_temporary(place, data)
        try:
            if force:
                os.replace(temporary, place)
            else:
                _publish(temporary, place)
        finally:
            temporary.unlink(missing_ok=True)
    except FileExistsError:
        raise InputError(f"{target} is there already", hint="name another file or add --force") from None
    except (OSError, ValueError) as error:
        raise _unwritable(target, error) from error
    return target


def write_folder(directory: Path, files: Mapping[str, bytes], *, force: bool = False) -> dict[str, Path]:
    """Writes ``{"bell.svg": ...}`` into a folder, made where it is missing; the path of each name. Files that are there
    are replaced only with ``force``, and stay what they were when anything fails."""
    targets = {name: directory / name for name in files}
    try:
        if not os.path.lexists(directory):
            directory.parent.mkdir(parents=True, exist_ok=True)
            if _appeared(directory, files):
                return targets
        folder(directory)
        taken = [target for target in targets.values() if os.path.lexists(target)]
        odd = next((target for target in taken if target.is_dir() or _is_special(target)), None)
        if odd is not None:
            raise InputError(f"{odd} is not a regular file", hint="choose another folder with --out")
        if taken and not force:
            more = f" and {len(taken) - 1} more are" if len(taken) > 1 else " is"
            raise InputError(f"{taken[0]}{more} there already", hint="choose another folder or add --force")
        _replace_all(targets, files, force)
    except FileExistsError as error:
        where = error.filename2 or error.filename or directory
        raise InputError(f"{where} is there already", hint="choose another folder or add --force") from None
    except (OSError, ValueError) as error:
        raise _unwritable(directory, error) from error
    return targets


def _appeared(directory: Path, files: Mapping[str, bytes]) -> bool:
    """Makes the whole folder under another name and renames it; False where it has come to be meanwhile."""
    made = directory.with_name(f".{directory.name}.{os.urandom(4).hex()}.tmp")
    made.mkdir()
    try:
        for name, data in files.items():
            os.replace(_write_temporary(made / name, data), made / name)
        if os.path.lexists(directory):
            return False
        os.rename(made, directory)
        return True
    finally:
        shutil.rmtree(made, ignore_errors=True)  # gone already where the renaming succeeded


def _replace_all(targets: Mapping[str, Path], files: Mapping[str, bytes], force: bool) -> None:
    """Every file under its name, or everything as it was: what is replaced is kept aside until all are there."""
    temporaries: dict[str, Path] = {}
    done: list[tuple[Path, Path | None]] = []
    try:
        for name, data in files.items():
            temporaries[name] = _write_temporary(targets[name], data)
        for name, target in targets.items():
            aside = _set_aside(target) if force else None
            if aside is not None:
                done.append((target, aside))
            _publish(temporaries[name], target)
            if aside is None:
                done.append((target, None))
    except BaseException:
        for target, aside in reversed(done):
            if aside is not None:
                os.replace(aside, target)
            else:
                target.unlink(missing_ok=True)
        raise
    finally:
        for temporary in temporaries.values():
            temporary.unlink(missing_ok=True)
    for _, aside in done:
        if aside is not None:
            aside.unlink(missing_ok=True)


def _set_aside(target: Path) -> Path | None:
    """The file that is there under a hidden name beside its own; None where there is none."""
    aside = target.with_name(f".{target.name}.{os.urandom(4).hex()}.old")
    try:
        os.rename(target, aside)
    except FileNotFoundError:
        return None
    return aside
