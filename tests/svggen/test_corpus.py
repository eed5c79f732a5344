"""The training corpus on sets made by hand: what enters, what is a copy, what survives a cut, what is refused."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svggen.errors import CorpusError
from svggen.icon import canonical, icon_id, parse, serialise
from svggen.render import inks
from svggen.training import sources
from svggen.training.corpus import build as build_corpus
from svggen.training.corpus import load, pairs, schema, sets
from svggen.training.corpus.near import hamming, repeats
from svggen.training.corpus.rows import HASH_SIDE, phash
from svggen.training.corpus.table import KEY, VERSION, write

pa = pytest.importorskip("pyarrow")

TAGS = {"alpha": {"bell": ("Alarms", "notification")}}
LINE = '<path fill="none" stroke="currentColor" stroke-width="2" d="{}"/>'
RULES: dict[str, dict[str, Any]] = {
    "alpha": {"use": "train", "licence": "MIT", "family": "greek", "kind": "ui", "brands": ["acorn"]},
    "beta": {
        "use": "train", "licence": "ISC", "family": "greek", "kind": "ui", "prefer": ["rounded", "sharp"],
        "styles": ["sharp", "rounded"],
    },
    "gamma": {"use": "validation", "licence": "Apache-2.0", "family": "gamma", "kind": "ui"},
}  # fmt: skip
HOUSE = "M3 11L12 3L21 11L21 21L3 21Z"
BELL = "M6 18L6 10C6 2 18 2 18 10L18 18ZM10 21L14 21"
CUP = "M4 6L16 6L16 18L4 18ZM16 8L20 8L20 14L16 14"


def icon_set(name: str, licence: str, icons: dict[str, Any], **more: Any) -> dict[str, Any]:
    entries = {key: {"body": value} if isinstance(value, str) else value for key, value in icons.items()}
    info = {"name": name, "license": {"spdx": licence}}
    return {"prefix": name, "info": info, "width": 24, "height": 24, "icons": entries, **more}


def alpha() -> dict[str, Any]:
    return icon_set(
        "alpha",
        "MIT",
        {
            "house": LINE.format(HOUSE),
            "house-filled": f'<path fill="currentColor" d="{HOUSE}"/>',
            "bell": LINE.format(BELL),
            "ringer": LINE.format(BELL),  # the same picture under another name
            "github": LINE.format(CUP),  # a trade mark
            "acorn": LINE.format(CUP),  # one of this set only
            "logo-x": LINE.format(CUP),
            "flag-de": LINE.format(CUP),
            "old-cup": {"body": LINE.format(CUP), "hidden": True},
            "nothing": '<path fill="none" d="M0 0L9 9"/>',
            "unseen": '<path fill="currentColor" opacity=".001" d="M2 2L20 2L20 20Z"/>',
            "broken": '<path d="M0 0L',
            "script": f"<script>alert(1)</script>{LINE.format('M1 1L')}",
            "turning": f'<g>{LINE.format(CUP)}<animate attributeName="x"/></g>',
            "dashed": '<path stroke="currentColor" stroke-dasharray="2 2" d="M2 12L22 12M2 6L22 6"/>',
            "warm": '<path fill="#ff0000" d="M2 2L20 2L20 20Z"/><path fill="#00ff00" d="M2 20L9 20L9 12Z"/>',
        },
        aliases={"home": {"parent": "house"}, "house-left": {"parent": "house", "hFlip": True}},
        categories={"Places": ["house"]},
    )


def beta() -> dict[str, Any]:
    corner = '<rect x="{0}" y="{0}" width="{1}" height="{1}" rx="{2}" fill="none" stroke="currentColor"/>'
    return icon_set(
        "beta",
        "ISC",
        {
            "window-sharp": {"body": corner.format(4, 24, 0), "width": 32, "height": 32},
            "window-rounded": {"body": corner.format(4, 24, 1.5), "width": 32, "height": 32},
            "bell": LINE.format(BELL),  # equal to alpha's
            "cup": LINE.format(CUP),
        },
    )


def gamma() -> dict[str, Any]:
    return icon_set(
        "gamma",
        "Apache-2.0",
        {
            "home": LINE.format(HOUSE),  # equal to one of train
            "almost": LINE.format(HOUSE.replace("21Z", "20.98Z")),  # nearly so
            "cup": LINE.format("M5 5L17 5L15 19L7 19Z"),
        },
    )


def write_sets(where: Path) -> Path:
    where.mkdir()
    for made in (alpha(), beta(), gamma()):
        (where / f"{made['prefix']}.json").write_text(json.dumps(made))
    (where / "outsider.json").write_text("not JSON: whoever opens it fails")
    return where


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("svggen.training.corpus.building.sets", lambda: RULES)
    return write_sets(tmp_path / "json")


@pytest.fixture
def make(folder: Path, tmp_path: Path) -> Callable[..., Any]:
    def run(**more: Any) -> Any:
        given = {"cache": tmp_path / "cache", "iconify": folder, "tags": TAGS, **more}
        return build_corpus(tmp_path / "icons.parquet", **given)

    return run


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The corpus of the three sets, only to be read."""
    where = tmp_path_factory.mktemp("corpus")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("svggen.training.corpus.building.sets", lambda: RULES)
        given: dict[str, Any] = {"cache": where / "cache", "iconify": write_sets(where / "json"), "tags": TAGS}
        return build_corpus(where / "icons.parquet", **given)


def rows(built: Any) -> dict[str, dict[str, Any]]:
    return {f"{row['set']}:{row['name']}": row for row in load(built.path).to_pylist()}


def test_what_enters_and_how(built: Any) -> None:
    found = rows(built)
    assert set(found) == {
        "alpha:house", "alpha:house-filled", "alpha:bell", "alpha:dashed", "alpha:warm", "beta:window-sharp",
        "beta:window-rounded", "beta:cup", "gamma:almost", "gamma:cup",
    }  # fmt: skip
    house = found["alpha:house"]
    assert house["concept"] == "house" and house["variant"] == "" and house["group"] == "alpha|"
    assert house["aliases"] == ["home"] and house["categories"] == ["Places"] and house["licence"] == "MIT"
    assert house["provenance"] == "@iconify/json@2.2.535/alpha" and house["split"] == "train"
    assert house["source_grid"] == 24 and house["n_commands"] == 6 and house["mode"] == "outline"
    assert house["id"] == icon_id(parse(house["svg"])) == hashlib.sha256(house["svg"].encode()).hexdigest()
    assert serialise(canonical(parse(house["svg"]))) == house["svg"] and 'viewBox="0 0 24 24"' in house["svg"]
    filled = found["alpha:house-filled"]
    assert (filled["concept"], filled["variant"], filled["mode"]) == ("house", "filled", "filled")
    assert found["alpha:bell"]["tags"] == ["alarm", "notification"]
    assert found["alpha:dashed"]["flags"] == ["dash"] and found["alpha:warm"]["mode"] == "color"
    assert found["beta:cup"]["source_grid"] == 24 and found["beta:window-sharp"]["source_grid"] == 32


def test_what_is_left_out_and_why(built: Any) -> None:
    assert built.dropped == {
        "InvalidSvgError": 2, "UnsafeSvgError": 1, "animated": 1, "blank": 1, "brand": 3, "flag": 1, "hidden": 1,
        "in train too": 1, "same picture": 2,
    }  # fmt: skip
    sheet = built.datasheet.read_text()
    assert "same picture as another icon | 2" in sheet and "| alpha | train | greek | ui | MIT | 5 | 0 |" in sheet
    assert built.rows == {"train": 7, "validation": 2} and built.near == {"train": 1}


def test_equal_pictures_are_one_row_with_all_names_and_validation_gives_none(built: Any) -> None:
    found = rows(built)
    assert found["alpha:bell"]["aliases"] == ["ringer"]  # beta's bell is the same picture under the same name
    assert "almost" not in found["alpha:house"]["aliases"] and "home" in found["alpha:house"]["aliases"]
    assert found["gamma:almost"]["flags"] == ["twin"] and found["gamma:cup"]["flags"] == []


def test_a_near_copy_is_marked_and_the_preferred_stays(built: Any) -> None:
    found = rows(built)
    sharp, rounded = found["beta:window-sharp"], found["beta:window-rounded"]
    assert (sharp["kept"], sharp["near_of"]) == (False, rounded["id"])
    assert rounded["kept"] and rounded["near_of"] == ""
    assert found["gamma:almost"]["kept"]  # of another family


def test_a_licence_that_differs_stops_the_build(make: Callable[..., Any], folder: Path, tmp_path: Path) -> None:
    changed = {**alpha(), "info": {"name": "alpha", "license": {"spdx": "CC-BY-4.0"}}}
    (folder / "alpha.json").write_text(json.dumps(changed))
    with pytest.raises(CorpusError, match=r"alpha: sets.toml says MIT, the registry CC-BY-4.0"):
        make()
    assert not list(tmp_path.glob("*icons*"))


def test_a_second_run_converts_nothing_and_gives_the_same(
    make: Callable[..., Any], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make()
    table = load(first.path)
    calls: list[int] = []
    monkeypatch.setattr("svggen.training.corpus.convert.made", lambda items: calls.append(len(items)))
    again = make()
    assert (first.converted, again.converted, calls) == (17, 0, [])
    assert load(again.path).equals(table)
    monkeypatch.undo()
    monkeypatch.setattr("svggen.training.corpus.building.sets", lambda: RULES)
    changed = gamma()
    changed["icons"]["cup"]["body"] = LINE.format("M5 5L17 5L17 19L7 19Z")
    (folder / "gamma.json").write_text(json.dumps(changed))
    assert make().converted == 3  # only the set that changed


def test_a_run_that_is_cut_off_leaves_nothing_half_written_and_goes_on(
    make: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import svggen.training.corpus.convert as conversion

    real = conversion.made

    def cut(items: Any) -> Any:
        if items[0].set_name == "alpha":
            raise KeyboardInterrupt
        return real(items)

    monkeypatch.setattr(conversion, "made", cut)
    with pytest.raises(KeyboardInterrupt):
        make()
    assert not list(tmp_path.glob("*icons*"))
    made = tmp_path / "cache" / "made"
    assert {path.name.partition("-")[0] for path in made.iterdir()} == {"beta", "gamma"}
    (made / ".alpha-0.parquet.1.part").write_text("what a killed run leaves")
    for path in made.glob("beta-*"):
        path.write_bytes(path.read_bytes()[:100])  # and what a broken disk leaves
    monkeypatch.setattr(conversion, "made", real)
    built = make()
    assert built.converted == 14 and built.rows["train"] == 7  # gamma's three were there
    assert not list(made.glob(".*.part"))


def test_two_runs_do_not_share_a_cache(make: Callable[..., Any], tmp_path: Path) -> None:
    from svggen.training.corpus.convert import alone

    with alone(tmp_path / "cache"), pytest.raises(CorpusError, match="another run"):
        make()


def test_only_what_is_asked_for(make: Callable[..., Any]) -> None:
    assert set(rows(make(only=["beta"], limit=2))) == {"beta:window-sharp", "beta:window-rounded"}
    with pytest.raises(CorpusError, match="outsider: not in the corpus"):
        make(only=["outsider"])


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"icons": 3}', '{"icons": {"a": {"body": 3}}, "info": {"license": {"spdx": "MIT"}}}',
     '{"icons": {"a": {"body": "", "width": "x"}}, "info": {"license": {"spdx": "MIT"}}}',
     '{"icons": {"a": 1}, "info": {"license": {"spdx": "MIT"}}}'],
)  # fmt: skip
def test_a_broken_set_file_is_one_clear_error(make: Callable[..., Any], folder: Path, content: str) -> None:
    (folder / "alpha.json").write_text(content)
    with pytest.raises(CorpusError, match=r"alpha\.json"):
        make()


def test_a_missing_folder_is_one_clear_error(make: Callable[..., Any], tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="there is no"):
        make(iconify=tmp_path / "nowhere")
    (tmp_path / "file").write_text("")
    with pytest.raises(CorpusError, match="cannot write in"):
        make(cache=tmp_path / "file" / "cache")


# ------------------------------------------------------------------------------------------------------- the file


def test_a_file_that_is_cut_short_or_another_is_refused(built: Any, tmp_path: Path) -> None:
    path = built.path
    whole = path.read_bytes()
    bad = tmp_path / "bad.parquet"
    for content in (b"", whole[: len(whole) // 2], whole[:-3], b"PAR1" + bytes(200) + b"PAR1", whole[4:]):
        bad.write_bytes(content)
        with pytest.raises(CorpusError, match="cut short or altered"):
            load(bad)
    with pytest.raises(CorpusError, match="there is no corpus"):
        load(tmp_path / "none.parquet")
    table = load(path)
    about = table.schema.metadata[KEY].decode()
    for changed, message in (
        (table.replace_schema_metadata(None), "no icon corpus"),
        (table.replace_schema_metadata({KEY: about.replace(f'"version": {VERSION}', '"version": 99')}), "version 99"),
        (table.slice(1), "icons and says"),
        (table.drop_columns(["svg"]), "other columns than a corpus.*svg"),
    ):
        pa.parquet.write_table(changed, bad)
        with pytest.raises(CorpusError, match=message):
            load(bad)


def test_a_file_that_cannot_be_written_is_one_clear_error(built: Any, tmp_path: Path) -> None:
    table = load(built.path)
    (tmp_path / "taken").write_text("")
    with pytest.raises(CorpusError, match="cannot write"):
        write(table, tmp_path / "taken" / "icons.parquet", {})


def test_a_place_that_cannot_be_written_is_said_before_the_work(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"x")
    os.mkfifo(tmp_path / "pipe")
    for out, why in [("taken/icons.parquet", "cannot write"), ("pipe", "no regular file"), (".", "is a folder")]:
        with pytest.raises(CorpusError, match=why):
            build_corpus(
                tmp_path / out, cache=tmp_path / "c", iconify=folder, report=lambda *_: pytest.fail("it began")
            )
    assert (tmp_path / "pipe").is_fifo()


def test_without_pyarrow_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    for call in (lambda: load(tmp_path), lambda: build_corpus(tmp_path / "a", cache=tmp_path)):
        with pytest.raises(CorpusError, match=r"pip install 'mnemicon\[train\]'"):
            call()


def test_pairs(built: Any) -> None:
    table = load(built.path)
    listed = table.to_pylist()
    at = {f"{row['set']}:{row['name']}": i for i, row in enumerate(listed)}
    found = pairs(table)
    named = lambda numbers: {f"{listed[i]['set']}:{listed[i]['name']}" for i in numbers}  # noqa: E731
    assert named(found.same_set(at["alpha:house"])) == {"alpha:bell", "alpha:dashed", "alpha:warm"}
    assert named(found.other_variants(at["alpha:house"])) == {"alpha:house-filled"}
    assert named(found.same_idea(at["beta:cup"])) == set()  # gamma's cup is for validation
    assert named(found.same_set(at["beta:cup"])) == set()  # the windows are of other variants
    everywhere = table.set_column(table.schema.get_field_index("split"), "split", pa.array(["train"] * len(listed)))
    assert named(pairs(everywhere).same_idea(at["beta:cup"])) == {"gamma:cup"}
    assert at["beta:window-sharp"] not in found.other_variants(at["beta:window-rounded"])  # not kept


def test_numbers_stand_for_texts(built: Any) -> None:
    table = load(built.path)
    assert table.schema.equals(schema())
    for key in ("concept", "group", "family"):
        texts, numbers = table[key].to_pylist(), table[f"{key}_id"].to_pylist()
        assert len(set(zip(texts, numbers, strict=True))) == len(set(texts)) == len(set(numbers)) == max(numbers) + 1


# ---------------------------------------------------------------------------------------------- hashes and copies


def test_the_hash_knows_a_picture_again_and_tells_others_apart() -> None:
    def icon(body: str) -> Any:
        return parse(f'<svg viewBox="0 0 24 24">{LINE.format(body)}</svg>'.encode())

    moved = HOUSE.replace("12 3", "12 3.1")
    house, near, bell, cup = phash(inks([icon(HOUSE), icon(moved), icon(BELL), icon(CUP)], HASH_SIDE))
    assert hamming(house, near) <= 3 < 8 < min(hamming(house, bell), hamming(house, cup), hamming(bell, cup))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
def test_copies_point_to_what_is_kept(seed: int, count: int) -> None:
    random = np.random.default_rng(seed)
    kinds = random.integers(0, 256, (3, 64)).astype(np.uint8)
    which = random.integers(0, 3, count)
    modes = [("outline", "filled")[i] for i in random.integers(0, 2, count)]
    found = repeats(np.array([7 << (10 * w) for w in which], np.uint64), kinds[which], modes)
    for i, held in enumerate(found):
        earlier = [j for j in range(i) if (which[j], modes[j]) == (which[i], modes[i])]
        assert held == (earlier[0] if earlier else -1)


# ------------------------------------------------------------------------------------------------- where it is from


def archive(path: Path, members: dict[str, bytes]) -> str:
    with tarfile.open(path, "w:gz") as tar:
        for name, data in members.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(data)
            tar.addfile(entry, BytesIO(data))
    return "sha512-" + base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()


def test_only_listed_sets_leave_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "iconify-json-2.2.535.tgz"
    content = {"json/alpha.json": b"{}", "json/outsider.json": b"{}", "json/../../evil.json": b"{}"}
    monkeypatch.setitem(sources.INTEGRITY, sources.ICONS, archive(path, content))
    assert sources.unpack_sets(["alpha"], tmp_path) == tmp_path / "iconify"
    assert [file.name for file in (tmp_path / "iconify").iterdir()] == ["alpha.json"]
    with pytest.raises(CorpusError, match=r"has no package/json/missing\.json"):
        sources.unpack_sets(["alpha", "missing"], tmp_path)


def test_a_damaged_download_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "iconify-json-2.2.535.tgz"
    digest = archive(path, {"json/alpha.json": b"{}" * 5000})
    with pytest.raises(CorpusError, match=r"is not @iconify/json@2\.2\.535 as it was published"):
        sources.unpack_sets(["alpha"], tmp_path)
    monkeypatch.setitem(sources.INTEGRITY, sources.ICONS, digest)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(CorpusError, match="cut short or altered; delete it"):
        sources.unpack_sets(["alpha"], tmp_path)
    path.write_bytes(b"no archive")
    found = "sha512-" + base64.b64encode(hashlib.sha512(b"no archive").digest()).decode()
    monkeypatch.setitem(sources.INTEGRITY, sources.ICONS, found)
    with pytest.raises(CorpusError, match="cannot be unpacked"):
        sources.unpack_sets(["alpha"], tmp_path)
    assert not list(tmp_path.glob("iconify/*"))


@pytest.mark.parametrize("how", ["fails", "lies", "missing"])
def test_what_npm_cannot_fetch_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    def npm(command: list[str], cwd: Path, **_: Any) -> subprocess.CompletedProcess[str]:
        if how == "lies":
            (cwd / "iconify-json-2.2.535.tgz").write_bytes(b"something else")
            return subprocess.CompletedProcess(command, 0, "", "")
        return subprocess.CompletedProcess(command, 1, "", "npm error network\nnpm error ENOTFOUND registry")

    monkeypatch.setattr(sources.shutil, "which", lambda name: None if how == "missing" else "/usr/bin/npm")
    monkeypatch.setattr(sources.subprocess, "run", npm)
    message = {"fails": "ENOTFOUND", "lies": "is not what was published; run again", "missing": "npm is needed"}[how]
    with pytest.raises(CorpusError, match=message):
        sources.unpack_sets(["alpha"], tmp_path / "cache")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_the_allow_list_is_permissive_and_holds_what_ships() -> None:
    import tomllib

    from svggen.training.corpus.building import LICENCES

    listed = sets()
    assert {rule["use"] for rule in listed.values()} == {"train", "validation"}
    assert {rule["licence"] for rule in listed.values()} <= LICENCES
    root = Path(__file__).resolve().parents[2]
    shipped = tomllib.loads((root / "memory/library/sets.toml").read_text(encoding="utf-8"))
    assert all(listed[name]["use"] == "train" for name in shipped)
    assert all(listed[name]["licence"] == rule["licence"] for name, rule in shipped.items())


# ------------------------------------------------------------------------------------------------- the command


def test_the_command(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    from agent.cli import main

    monkeypatch.setattr("svggen.training.corpus.building.own_tags", lambda cache: {})
    out = tmp_path / "made" / "corpus.parquet"
    words = ["corpus", "build", "--out", str(out), "--cache", str(tmp_path / "c"), "--iconify", str(folder)]
    assert main([*words, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["icons"] == {"train": 7, "validation": 2} and answer["path"] == str(out)
    assert Path(answer["datasheet_path"]).name == "corpus.datasheet.md" and answer["converted"] == 17
    assert main([*words, "--sets", "alpha,beta", "--limit", "3"]) == 0
    assert load(out).num_rows == 5 and "MB from 2 sets" in capsys.readouterr().out
    assert main([*words, "--sets", "nope"]) == 2
    assert capsys.readouterr().err.startswith("mnemicon: nope: not in the corpus")


@pytest.mark.slow
def test_two_processes_do_what_one_does(make: Callable[..., Any], folder: Path, tmp_path: Path) -> None:
    many = alpha()
    for i in range(900):
        many["icons"][f"thing-{i}"] = {"body": LINE.format(f"M{i % 20 + 2} 2L{i // 45 + 2} 20L20 {i % 7 + 3}")}
    (folder / "alpha.json").write_text(json.dumps(many))
    first = load(make().path)
    alone = {"only": ["alpha"], "limit": 300, "cache": tmp_path / "other"}
    second = load(make(**alone).path)
    wanted = [row for row in first.select(["id", "svg", "phash", "mode"]).to_pylist()]
    assert all(row in wanted for row in second.select(["id", "svg", "phash", "mode"]).to_pylist())
    assert first.num_rows > 500
