"""Names and files: kebab-case, never over a file that is there, whole or not at all."""

from __future__ import annotations

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from agent.cli import files
from agent.cli.errors import InputError
from agent.cli.files import folder, read_bytes, stem, write_file, write_group


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("A rounded coffee cup!", "a-rounded-coffee-cup"),
        ("  café au lait ", "cafe-au-lait"),
        ("user's home", "users-home"),
        ("咖啡杯", "咖啡杯"),
        ("чашка кофе", "чашка-кофе"),
        ("☕️", "icon"),
        ("../../etc/passwd", "etc-passwd"),
        ("con", "con-icon"),
        ("a_b__c", "a-b-c"),
        ("", "icon"),
        ("word " * 40, "-".join(["word"] * 9)),  # cut at a word within 48 characters
        ("x" * 300, "x" * 48),
    ],
)
def test_a_stem_is_kebab_case(words: str, expected: str) -> None:
    assert stem(words) == expected
    assert len(f"{stem(words)}-99999-sheet.png".encode()) < 255


def test_a_group_shares_one_number_and_never_replaces(tmp_path: Path) -> None:
    parts = {".svg": b"one", ".png": b"two", "-sheet.png": b"three"}
    first = write_group(tmp_path, "coffee-cup", parts)
    assert {suffix: path.name for suffix, path in first.items()} == {
        ".svg": "coffee-cup.svg",
        ".png": "coffee-cup.png",
        "-sheet.png": "coffee-cup-sheet.png",
    }
    (tmp_path / "coffee-cup-2.png").write_bytes(b"mine")  # one taken name moves the whole group on
    third = write_group(tmp_path, "coffee-cup", {suffix: b"new" for suffix in parts})
    assert sorted(path.name for path in third.values()) == [
        "coffee-cup-3-sheet.png",
        "coffee-cup-3.png",
        "coffee-cup-3.svg",
    ]
    assert (tmp_path / "coffee-cup.svg").read_bytes() == b"one"
    assert (tmp_path / "coffee-cup-2.png").read_bytes() == b"mine"
    assert not list(tmp_path.glob(".*"))


def test_a_dangling_link_counts_as_taken(tmp_path: Path) -> None:
    (tmp_path / "cup.svg").symlink_to(tmp_path / "elsewhere")
    assert write_group(tmp_path, "cup", {".svg": b"x"})[".svg"].name == "cup-2.svg"
    assert not (tmp_path / "elsewhere").exists()


def test_racing_writers_get_different_numbers(tmp_path: Path) -> None:
    def write(number: int) -> dict[str, Path]:
        return write_group(tmp_path, "cup", {".svg": b"%d" % number, ".png": b"%d" % number})

    with ThreadPoolExecutor(8) as pool:
        groups = list(pool.map(write, range(24)))
    assert len({group[".svg"] for group in groups}) == 24
    for number, group in enumerate(groups):
        assert {path.read_bytes() for path in group.values()} == {b"%d" % number}


def test_a_file_system_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    (tmp_path / "cup.svg").write_bytes(b"mine")
    assert write_group(tmp_path, "cup", {".svg": b"x", ".png": b"y"})[".svg"].read_bytes() == b"x"
    assert (tmp_path / "cup.svg").read_bytes() == b"mine"


def test_a_full_disk_is_one_line_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    count = 0

    def fsync(_: int) -> None:
        nonlocal count
        count += 1
        if count == 2:  # the second of the group's files does not fit
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", fsync)
    with pytest.raises(InputError, match="disk is full") as caught:
        write_group(tmp_path, "cup", {".svg": b"x", ".png": b"y"})
    assert "--out" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_failure_in_the_middle_of_naming_takes_back_what_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.link

    def link(source: Path, target: Path) -> None:
        if str(target).endswith(".png"):
            raise KeyboardInterrupt
        real(source, target)

    monkeypatch.setattr(os, "link", link)
    with pytest.raises(KeyboardInterrupt):
        write_group(tmp_path, "cup", {".svg": b"x", ".png": b"y"})
    assert list(tmp_path.iterdir()) == []


def test_folder_makes_what_is_missing_and_refuses_a_file(tmp_path: Path) -> None:
    assert folder(tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputError, match="is a file, not a folder"):
        folder(tmp_path / "file")
    with pytest.raises(InputError, match="cannot write"):
        folder(tmp_path / "file" / "below")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    with pytest.raises(InputError, match="permission denied"):
        folder(locked)


def test_write_file_replaces_only_by_force(tmp_path: Path) -> None:
    target = tmp_path / "out.svg"
    write_file(target, b"one")
    with pytest.raises(InputError, match="is there already"):
        write_file(target, b"two")
    assert target.read_bytes() == b"one"
    write_file(target, b"two", force=True)
    assert target.read_bytes() == b"two"
    with pytest.raises(InputError, match="is a folder"):
        write_file(tmp_path, b"x")
    with pytest.raises(InputError, match="no folder"):
        write_file(tmp_path / "none" / "x.svg", b"x")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_force_replaces_no_device_and_no_link(tmp_path: Path) -> None:
    """A pipe stands for every special file: as root a rename over /dev/null would take it from the whole machine."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "to-pipe").symlink_to("pipe")
    for name in ("pipe", "to-pipe"):
        for force in (False, True):
            with pytest.raises(InputError, match="not a regular file"):
                write_file(tmp_path / name, b"x", force=force)
    assert (tmp_path / "pipe").is_fifo()
    (tmp_path / "real.svg").write_bytes(b"old")
    (tmp_path / "link.svg").symlink_to("real.svg")
    write_file(tmp_path / "link.svg", b"new", force=True)
    assert (tmp_path / "link.svg").is_symlink()
    assert (tmp_path / "real.svg").read_bytes() == b"new"
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(InputError, match="cannot write"):
        write_file(tmp_path / "loop", b"x", force=True)


def test_read_bytes_says_why_not(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no SVG file"):
        read_bytes(tmp_path / "none.svg", limit=10, what="SVG file")
    with pytest.raises(InputError, match="is a folder"):
        read_bytes(tmp_path, limit=10)
    (tmp_path / "large").write_bytes(b"x" * 11)
    with pytest.raises(InputError, match="larger than 10 bytes"):
        read_bytes(tmp_path / "large", limit=10)
    os.mkfifo(tmp_path / "pipe")  # opening it would wait for ever
    with pytest.raises(InputError, match="not a regular file"):
        read_bytes(tmp_path / "pipe", limit=10)
    with pytest.raises(InputError, match="cannot read"):
        read_bytes(Path("nul\0name"), limit=10)
