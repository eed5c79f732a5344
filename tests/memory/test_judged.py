"""The judge as memory's eye: the library carries its vectors, own icons get theirs, and the right look comes first."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from memory_helpers import Clock, NoLibrary, make_icon

from memory.embedding import FakeEmbedder
from memory.errors import EmbedderError, LibraryError
from memory.eye import FakeEye, JudgeEye, cosine
from memory.fake import FakeMemory
from memory.library import Library, open_library
from memory.library import judged as judged_file
from memory.library.builder.judged import quantised
from memory.library.judged import Judged
from memory.library.library import DATA, RECOGNISED, STYLE_WEIGHT
from memory.looks import Wanted
from memory.memory import EmbeddedMemory
from memory.records import RecallQuery, Tenant
from memory.upkeep import mark
from svggen.errors import WeightsError
from svggen.judge.weights import SHA256
from svggen.models.base import DrawRequest
from svggen.style import StyleSpec

ANNA, BEN = Tenant("anna"), Tenant("ben")


@pytest.fixture(scope="module")
def library() -> Library:
    return open_library()


def judged_of(library: Library) -> Judged:
    judged = library.judged
    assert judged is not None
    return judged


# -- what the library carries ------------------------------------------------------------------------------------------


def test_the_library_carries_what_the_judge_that_ships_sees(library: Library) -> None:
    judged = judged_of(library)
    assert len(judged) == len(library) == len(judged.recognised)
    assert judged.judge == SHA256
    assert judged.eye == JudgeEye().name
    numbers = np.arange(11, len(library), len(library) // 12)
    concepts, styles = JudgeEye().see([library.icon(int(i)) for i in numbers])
    kept = judged.styles(numbers)
    assert np.linalg.norm(kept, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert (kept * styles).sum(1).min() > 0.97
    names = JudgeEye().text([library.concepts()[i] for i in library.concept_numbers()[numbers]])
    shares = [JudgeEye().shows(float(c)) for c in (concepts * names).sum(1)]
    assert judged.recognised[numbers] / 255 == pytest.approx(shares, abs=0.02)


def test_real_icons_are_recognised_as_real_icons_are(library: Library) -> None:
    """The judge has learned from these icons, so that most are known better than those that made the scale; the few
    that are not are the odd ones."""
    recognised = judged_of(library).recognised / 255
    assert 0.9 < np.median(recognised) < 1.0
    assert 0.01 < (recognised < 0.5).mean() < 0.1


def test_a_set_fits_itself_best(library: Library) -> None:
    judged = judged_of(library)
    first = {entry["id"]: (entry["first"], entry["icons"]) for entry in library.stats()["sets"]}
    for own, other in (("lucide", "mdi"), ("dinkie-icons", "carbon"), ("fluent-emoji-flat", "tabler")):
        rows = [np.linspace(s, s + n - 1, 40).astype(np.int64) for s, n in (first[own], first[other])]
        mean = judged.styles(rows[0]).mean(0)
        assert np.median(judged.fit(rows[0], mean)) > np.median(judged.fit(rows[1], mean)) + 0.2
        assert judged.fit(rows[0], 7 * mean) == pytest.approx(judged.fit(rows[0], mean), abs=1e-5)
    with pytest.raises(LibraryError, match="shape"):
        judged.fit(np.arange(3), np.zeros(7, np.float32))


@pytest.mark.parametrize("damage", ["missing", "truncated", "header", "style", "style_tables", "recognised", "other"])
def test_a_damaged_file_is_one_clear_error(tmp_path: Path, library: Library, damage: str) -> None:
    path = tmp_path / judged_file.FILE
    data = bytearray(DATA.with_name(judged_file.FILE).read_bytes())
    header = json.loads(bytes(data[12 : 12 + int.from_bytes(data[8:12], "little")]))
    if damage == "truncated":
        del data[len(data) // 2 :]
    elif damage == "header":
        data[100] ^= 1
    elif damage in header["sections"]:
        data[header["sections"][damage]["at"] + 40] ^= 1
    if damage != "missing":
        path.write_bytes(data)
    with pytest.raises(LibraryError, match=r"judge\.bin"):
        judged = Judged(path, "0" * 64 if damage == "other" else library.digest, judged_file.HEADER_SHA256)
        judged.fit(np.arange(4), np.ones(32, np.float32))
        assert judged.recognised.size


def test_a_damaged_file_does_not_stop_the_library(tmp_path: Path) -> None:
    shutil.copy(DATA, tmp_path / "icons.bin")
    data = DATA.with_name(judged_file.FILE).read_bytes()
    (tmp_path / judged_file.FILE).write_bytes(data[: len(data) // 2])
    own = Library(tmp_path / "icons.bin")
    assert own.judged is None
    assert judged_file.FILE in own.judged_fault
    memory = EmbeddedMemory(tmp_path / "home", library=own, clock=Clock())
    got = memory.recall(ANNA, RecallQuery("bell", ("bell",)))
    memory.close()
    assert got.references[0].recognised is None
    assert [note for note in got.notes if judged_file.FILE in note] == [
        f"the library's icons were ranked without the judge: {own.judged_fault}"
    ]


def test_a_library_of_one_s_own_does_without(tmp_path: Path) -> None:
    shutil.copy(DATA, tmp_path / "icons.bin")
    own = Library(tmp_path / "icons.bin")
    assert own.judged is None
    hits = own.search("bell", limit=3, style=np.zeros(own.style_vectors(np.array([0])).shape[1], np.float32))
    assert len(hits) == 3
    assert hits[0].recognised is None


def test_quantised_vectors_are_near_and_repeatable() -> None:
    rng = np.random.default_rng(3)
    vectors = rng.standard_normal((600, 4)).astype(np.float32)
    codes, tables, steps = quantised(vectors, 4)
    again = quantised(vectors, 4)
    assert all((a == b).all() for a, b in zip((codes, tables, steps), again, strict=True))
    back = sum(tables[s].astype(np.float32)[codes[:, s]] * steps[s] for s in range(4))
    assert np.abs(back - vectors).max() < 0.25
    assert np.square(back - vectors).mean() < 0.002 * np.square(vectors).mean()


# -- ranking -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("own", ["bytesize", "dinkie-icons", "icon-park-twotone", "fluent-emoji-flat"])
def test_of_the_right_concept_what_sits_well_in_the_set_comes_first(library: Library, own: str) -> None:
    judged = judged_of(library)
    entry = next(e for e in library.stats()["sets"] if e["id"] == own)
    rows = np.linspace(entry["first"], entry["first"] + entry["icons"] - 1, 40).astype(np.int64)
    style, mean = library.style_vectors(rows).mean(0), judged.styles(rows).mean(0)
    fits: dict[bool, list[float]] = {False: [], True: []}
    for query in ("heart", "star", "search", "calendar", "cloud"):
        for with_judge, bag in fits.items():
            options: dict[str, Any] = {"judge_style": mean} if with_judge else {}
            hits = library.search(query, limit=6, style=style, **options)
            assert hits[0].concept_score >= 0.75
            bag.append(float(judged.fit(np.array([hit.index for hit in hits]), mean).mean()))
    assert np.mean(fits[True]) >= np.mean(fits[False])
    assert np.mean(fits[True]) > 0.3


def test_of_two_that_are_alike_the_one_that_is_recognised_goes_first(library: Library) -> None:
    style = library.style_vectors(np.array([hit.index for hit in library.search("rocket", limit=40)])).mean(0)
    hits = library.search("rocket", limit=200, style=style)
    named = [hit for hit in hits if hit.concept_score == 1]
    odd = min(named, key=lambda hit: hit.recognised or 0.0)
    assert (odd.recognised or 0.0) < 0.6
    without = odd.concept_score * (1 - STYLE_WEIGHT + STYLE_WEIGHT * odd.style_score)
    assert odd.score == pytest.approx(without * (1 - RECOGNISED + RECOGNISED * (odd.recognised or 0.0)), abs=1e-3)
    assert any(hit.score > odd.score for hit in named if hit.style_score < odd.style_score)


def test_an_own_icon_that_looks_right_goes_before_one_that_only_measures_alike() -> None:
    style = np.zeros(32, np.float32)
    look, other = np.eye(32, dtype=np.float32)[:2]
    wanted = Wanted(style, look)
    eye = FakeEye()
    assert wanted.of({"style": style, "look": look}, eye) > wanted.of({"style": style, "look": other}, eye) + 0.1
    assert Wanted(style).of({"style": style, "look": other}, eye) == 1.0
    assert Wanted().of({"style": style}, eye) == wanted.of({}, eye) == 0.5


# -- own icons ---------------------------------------------------------------------------------------------------------


def memory_at(home: Path, eye: Any) -> EmbeddedMemory:
    return EmbeddedMemory(home, embedder=FakeEmbedder(), eye=eye, library=NoLibrary(), clock=Clock())


def test_own_icons_get_the_judge_s_vectors(tmp_path: Path) -> None:
    icons = [make_icon("cup"), make_icon("bell"), make_icon("house")]
    memory = EmbeddedMemory(tmp_path, embedder=FakeEmbedder(), library=NoLibrary(), clock=Clock())
    memory.accept(ANNA, icons[0])
    memory.add_exemplars(ANNA, icons[1:])
    concepts, styles = JudgeEye().see([e.icon for e in icons])
    by_id = {r["id"]: r["vectors"] for r in memory.snapshot(ANNA) if r["type"] == "exemplar"}
    for exemplar, concept, style in zip(icons, concepts, styles, strict=True):
        assert by_id[exemplar.id]["look"] == pytest.approx(style, abs=1e-5)
        assert by_id[exemplar.id]["image"] == pytest.approx(concept, abs=1e-5)
    got = memory.recall(ANNA, RecallQuery("bell", ("bell",)))
    assert got.judge_style == pytest.approx(styles.mean(0), abs=1e-5)
    assert all("vectors" not in record for record in memory.export(ANNA))
    memory.close()


def test_an_icon_is_found_by_what_it_shows() -> None:
    memory = FakeMemory(eye=JudgeEye(), library=NoLibrary())
    memory.add_exemplars(ANNA, [replace(make_icon(name), name=f"export {i}") for i, name in enumerate(("bell", "cup"))])
    found = [r for r in memory.recall(ANNA, RecallQuery("bell", ("bell",))).references if r.concept_score > 0]
    assert [r.name for r in found] == ["export 0"]
    assert "looks like 'bell'" in found[0].why
    assert found[0].concept_score <= 0.6


def test_a_wish_for_another_look_is_not_held_against_the_own_one() -> None:
    memory = FakeMemory()
    memory.add_exemplars(ANNA, [make_icon("cup"), make_icon("bell")])
    assert memory.recall(ANNA, RecallQuery("house")).judge_style is not None
    filled = memory.recall(ANNA, RecallQuery("house", style=StyleSpec(mode="filled")))
    assert filled.judge_style is None
    assert filled.set_vector is not None


def test_two_users_never_share(tmp_path: Path) -> None:
    memory = memory_at(tmp_path, FakeEye())
    memory.add_exemplars(ANNA, [make_icon("cup", width=1.0)])
    assert memory.recall(BEN, RecallQuery("cup", ("cup",))).judge_style is None
    memory.add_exemplars(BEN, [make_icon("bell", width=3.0)])
    mine, theirs = (memory.recall(t, RecallQuery("cup", ("cup",))).judge_style for t in (ANNA, BEN))
    assert mine is not None and theirs is not None
    assert mine == pytest.approx(FakeEye().see([make_icon("cup", width=1.0).icon])[1][0], abs=1e-6)
    assert theirs == pytest.approx(FakeEye().see([make_icon("bell", width=3.0).icon])[1][0], abs=1e-6)
    memory.close()


def test_upkeep_fills_rows_that_no_eye_has_seen_and_those_of_another(tmp_path: Path) -> None:
    class Other(FakeEye):
        name = "other-eye"

        def see(self, icons: Any) -> Any:
            concepts, styles = super().see(icons)
            return concepts[:, ::-1].copy(), styles[:, ::-1].copy()

    memory = memory_at(tmp_path, Other())
    memory.accept(ANNA, make_icon("cup"))
    memory.add_exemplars(ANNA, [make_icon("bell")])
    books = memory._books(ANNA)
    assert books is not None
    collection = books.exemplars.collection
    for point in list(collection.scroll(vectors=True)):  # as it was before there was an eye
        if "look" in point.vectors:
            old = {name: vector for name, vector in point.vectors.items() if name in ("text", "style")}
            collection.upsert([replace(point, vectors=old)])
    assert memory.recall(ANNA, RecallQuery("cup")).judge_style is None
    books.store.set_meta("vectors", mark(books).partition("/eye:")[0])
    memory.close()
    for eye in (FakeEye(), Other(), FakeEye()):
        memory = memory_at(tmp_path, eye)
        got = memory.recall(ANNA, RecallQuery("cup", ("cup",)))
        wanted = eye.see([make_icon("cup").icon, make_icon("bell").icon])[1].mean(0)
        assert got.judge_style == pytest.approx(wanted, abs=1e-6)
        assert next(r for r in got.references if r.name == "cup").source == "accepted"
        memory.close()


def test_a_judge_that_cannot_be_read_is_the_operator_s_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken() -> Any:
        raise WeightsError("judge file x is damaged")

    monkeypatch.setattr("svggen.judge.judge.default_judge", broken)
    memory = EmbeddedMemory(tmp_path, embedder=FakeEmbedder(), library=NoLibrary(), clock=Clock())
    with pytest.raises(EmbedderError, match="judge file x"):
        memory.add_exemplars(ANNA, [make_icon("cup")])
    assert list(memory.exemplars(ANNA)) == []
    memory.close()


def test_recall_goes_on_without_an_eye() -> None:
    class Blinded(FakeEye):
        blind = False

        def text(self, phrases: Any) -> Any:
            if self.blind:
                raise EmbedderError("judge file x is damaged")
            return super().text(phrases)

        def fits(self, cosine: float) -> float:
            assert not self.blind
            return super().fits(cosine)

    eye = Blinded()
    memory = FakeMemory(eye=eye, library=NoLibrary())
    memory.add_exemplars(ANNA, [make_icon("cup"), make_icon("bell")])
    eye.blind = True
    got = memory.recall(ANNA, RecallQuery("cup", ("cup",)))
    assert got.references[0].name == "cup"
    assert got.notes == ("own icons were searched by their words alone: judge file x is damaged",)


def test_nobody_s_drawing_loads_the_judge(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from memory import open_memory, RecallQuery, Tenant;"
        f"got = open_memory(Path({str(tmp_path)!r})).recall(Tenant('nobody'), RecallQuery('bell', ('bell',)));"
        "assert got.references and got.references[0].recognised > 0, got.notes;"
        "print([m for m in sys.modules if m in ('svggen.judge.net', 'svggen.judge.judge', 'torch')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_cosine_is_of_any_lengths() -> None:
    a, b = np.ones(3, np.float32), np.array([2, 2, 2], np.float32)
    assert cosine(a, b) == pytest.approx(1.0)
    assert cosine(a, np.zeros(3, np.float32)) == 0.0


def test_a_request_with_another_set_style_is_another_request() -> None:
    base = DrawRequest("bell", set_vector=(0.5,))
    one, other = (replace(base, set_style=tuple(float(i == k) for i in range(32))) for k in (0, 1))
    assert len({base.id, one.id, other.id}) == 3
    assert replace(base, set_style=tuple(float(i == 0) + 1e-8 for i in range(32))).id == one.id
    assert json.loads(json.dumps(one.canonical()))["set_style"] == list(one.set_style or ())
