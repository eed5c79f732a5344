"""The library that ships: what is in it, that it finds what is asked, and that damage is one clear error."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

from memory.errors import LibraryError
from memory.library import Library, open_library
from memory.library.library import DATA, HEADER_SHA256, nearness
from memory.library.text import alternatives, tokens
from svggen.icon import canonical, parse, serialise
from svggen.render import inks

ROOT = Path(__file__).parents[2]

QUERIES = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "library_queries.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
NONSENSE = ["flibbertigibbet", "asdfgh", "qwzx", "xkcdq vbnm", "hjklö", "grmpf", "12345678901", "\U0001f600", "日本語"]


@pytest.fixture(scope="module")
def library() -> Library:
    return open_library()


def test_there_is_enough_of_it_and_no_more(library: Library) -> None:
    stats = library.stats()
    assert stats["icons"] >= 40_000
    assert sum(1 for entry in stats["sets"] if entry["icons"]) >= 30
    assert set(stats["licences"]) <= {"MIT", "ISC", "Apache-2.0", "CC0-1.0"}
    assert sum(file.stat().st_size for file in DATA.parent.iterdir()) <= 15_000_000
    assert stats["bytes"] == DATA.stat().st_size


def test_only_the_allow_list_ships_and_the_notice_names_every_set(library: Library) -> None:
    rules = tomllib.loads((ROOT / "memory/library/sets.toml").read_text(encoding="utf-8"))
    text = (ROOT / "NOTICE").read_text(encoding="utf-8")
    for entry in library.stats()["sets"]:
        assert entry["licence"] == rules[entry["id"]]["licence"]
        if entry["icons"]:
            assert f"({entry['id']}), by {entry['author']}, {entry['licence']}, {entry['icons']:,} icons" in text
    for licence in library.stats()["licences"]:
        assert (ROOT / "LICENSES" / f"{licence}.txt").stat().st_size > 500


def test_styles_differ(library: Library) -> None:
    modes = np.bincount(library._modes, minlength=4)
    assert (modes > 1000).all(), modes


@pytest.mark.parametrize(("query", "wanted"), QUERIES, ids=[q for q, _ in QUERIES])
def test_it_finds(library: Library, query: str, wanted: str) -> None:
    hits = library.search(query, limit=5)
    concepts = [set(tokens(hit.name)) for hit in hits]
    assert any(set(tokens(phrase)) <= concept for phrase in wanted.split("|") for concept in concepts), hits
    assert hits[0].concept_score >= 0.75


@pytest.mark.parametrize("query", NONSENSE)
def test_nonsense_is_not_found(library: Library, query: str) -> None:
    assert library.concept_score(query) < 0.35
    assert all(hit.score < 0.35 for hit in library.search(query))


@pytest.mark.parametrize("query", [q for q in NONSENSE if q.isascii()])
def test_nonsense_gives_the_nearest_ideas(library: Library, query: str) -> None:
    hits = library.search(query)
    assert hits and all(0 < hit.concept_score < 0.35 for hit in hits)


def test_three_dots_are_not_one(library: Library) -> None:
    assert not [h.name for h in library.search("three dots square") if h.concept_score > 0.9]
    assert library.search("three dots")[0].concept_score == 1.0


@pytest.mark.parametrize("query", ["", "   ", "?!", "\0", "the of and", "word " * 10_000, "x" * 100_000])
def test_odd_queries_are_answered(library: Library, query: str) -> None:
    for hit in library.search(query, limit=3):
        assert 0 <= hit.score <= 1


def test_scores_are_what_they_say(library: Library) -> None:
    assert library.concept_score("calendar") == 1
    assert library.concept_score("calendars") == 1
    assert library.concept_score("calender") == pytest.approx(0.95)
    plain = library.search("calendar", limit=200)
    assert all(set(tokens(hit.name)) & {"calendar"} for hit in plain if hit.concept_score == 1)
    off = max((h.concept_score for h in library.search("bell", limit=500) if "off" in tokens(h.name)), default=0)
    assert off < 0.85
    assert library.concept_score("freedom of the press in ancient rome") < 0.75


def test_sets_take_turns_and_drawings_do_not_crowd(library: Library) -> None:
    hits = library.search("heart", limit=24)
    assert len({hit.set for hit in hits}) >= 20
    drawings = [(hit.set, tokens(hit.name)) for hit in hits]
    assert len(hits) == 24 and len(set(drawings)) >= 20
    assert len({hit.id for hit in hits}) == 24


@pytest.mark.parametrize("own", ["tabler", "mdi", "dinkie-icons", "fluent-emoji-flat", "icon-park-twotone", "bytesize"])
def test_of_the_right_concept_the_nearest_look_comes_first(library: Library, own: str) -> None:
    """With the mean look of a set's other icons the search turns to that set, or to sets of its kind."""
    first = next(e["first"] for e in library.stats()["sets"] if e["id"] == own)
    count = next(e["icons"] for e in library.stats()["sets"] if e["id"] == own)
    wanted = library.style_vectors(np.linspace(first, first + count - 1, 60).astype(np.int64)).mean(axis=0)
    plain, styled = [], []
    for query in ("heart", "star", "search", "calendar", "music", "cloud"):
        for bag, style in ((plain, None), (styled, wanted)):
            hits = library.search(query, limit=8, style=style)
            assert hits[0].concept_score >= 0.75
            vectors = library.style_vectors(np.array([hit.index for hit in hits]))
            bag.append(float(np.linalg.norm(vectors - wanted, axis=1).mean()))
    assert np.mean(styled) < 0.87 * np.mean(plain)


def test_filters(library: Library) -> None:
    hits = library.search("home", sets={"lucide", "tabler"}, modes={"outline"})
    assert hits and {hit.set for hit in hits} <= {"lucide", "tabler"}
    assert library.search("home", modes=()) == []
    assert library.search("home", sets={"no-such-set"}) == []


def test_every_500th_icon_is_whole(library: Library) -> None:
    icons = [library.icon(i) for i in range(0, len(library), 500)]
    for icon in icons:
        assert icon.viewbox == (0, 0, 24, 24)
        assert canonical(icon) == icon == parse(serialise(icon))
    assert (inks(icons, 24).sum(axis=(1, 2)) > 1).all()


def test_style_vectors_are_those_of_svggen(library: Library) -> None:
    from svggen.style import style_vectors

    numbers = np.arange(7, len(library), len(library) // 24)
    fresh = style_vectors([library.icon(int(i)) for i in numbers])
    assert np.abs(fresh - library.style_vectors(numbers)).max() < 0.03


def test_nearness_falls_with_distance() -> None:
    wanted = np.zeros(32, np.float32)
    vectors = np.zeros((4, 32), np.float32)
    vectors[:, 0] = 0, 1, 2, 3
    assert nearness(vectors, wanted) == pytest.approx([1, 0.867617, 0.290563, 0.074853], abs=1e-4)
    with pytest.raises(LibraryError):
        nearness(vectors, np.zeros(7, np.float32))


def test_words_meet_in_one_form() -> None:
    assert tokens("Colour-Palettes") == ("color", "palette")
    assert tokens("arrowUpRight") == ("arrow", "up", "right")
    assert tokens("glasses") != tokens("glass")
    assert tokens("Café ﬁles") == ("cafe", "file")
    assert alternatives(("trash",))[("bin",)] == 0.95
    assert ("trash",) in alternatives(("delete",)) and ("delete",) not in alternatives(("trash",))


def test_opening_is_quick_and_loads_nothing_heavy() -> None:
    code = (
        "import sys, time, json; from memory.library import open_library; t = time.perf_counter(); open_library();"
        "ms = (time.perf_counter() - t) * 1000;"
        "print(json.dumps([ms, [m for m in ('numpy', 'torch', 'onnxruntime', 'lxml', 'scipy') if m in sys.modules]]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    ms, heavy = json.loads(done.stdout)
    assert heavy == []
    assert ms < 100  # a few in truth; test machines are busy


@pytest.mark.parametrize(
    "damage", ["missing", "empty", "truncated", "other", "header", "bodies", "names", "text", "concepts"]
)
def test_a_damaged_file_is_one_clear_error(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "icons.bin"
    data = bytearray(DATA.read_bytes())
    header = json.loads(bytes(data[12 : 12 + int.from_bytes(data[8:12], "little")]))
    if damage == "empty":
        data.clear()
    elif damage == "truncated":
        del data[len(data) // 2 :]
    elif damage == "other":
        data = bytearray(b"<svg xmlns='http://www.w3.org/2000/svg'/>" * 100)
    elif damage == "header":
        data[100] ^= 1
    elif damage != "missing":
        data[header["sections"][damage]["at"] + 40] ^= 1
    if damage != "missing":
        path.write_bytes(data)
    with pytest.raises(LibraryError, match=r"icons\.bin"):
        library = Library(path, header_sha256=HEADER_SHA256)
        library.icon(0)
        library.name(0)
        library.search("qwzxv plorb")
