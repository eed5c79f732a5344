"""The Store contract on SQLite (scanning, and with the Qdrant Edge index), on a Qdrant client, and on dicts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from memory.errors import MemoryUnavailable
from memory.fake import FakeStore
from memory.store import Point, Schema, Store, VectorSpec
from memory.store_sqlite import SqliteStore

SCHEMA = Schema(
    "icons", {"text": VectorSpec(16), "style": VectorSpec(4, "euclid")}, ("kind", "project", "accepted", "stroke_n")
)
RNG = np.random.default_rng(7)


def vector(dims: int = 16) -> np.ndarray:
    return RNG.standard_normal(dims).astype(np.float32)


@pytest.fixture(params=["dicts", "scan", "index", "server"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    made: Any
    if request.param == "dicts":
        made = FakeStore()
    elif request.param == "server":
        from qdrant_client import QdrantClient

        from memory.store_server import ServerStore

        client = QdrantClient(":memory:")
        request.addfinalizer(client.close)
        made = ServerStore(client, "anna-1")
    else:
        made = SqliteStore(tmp_path / "anna", index_from=0 if request.param == "index" else 10**9)
    yield made
    made.close()


def points(n: int) -> list[Point]:
    return [
        Point(
            f"p{i:03}",
            {
                "kind": "exemplar" if i % 10 else "rejection",
                "project": None if i % 3 else "shop",
                "accepted": i % 2 == 0,
                "stroke_n": i / 10,
                "name": f"icon {i}",
            },
            {"text": vector(), "style": vector(4)} if i % 10 else {},
        )
        for i in range(n)
    ]


FILTERS: list[Any] = [
    None,
    {"kind": "exemplar"},
    {"accepted": True},
    {"project": None},
    {"kind": ["exemplar", "rejection"], "project": "shop"},
    {"stroke_n": {"gte": 1.0, "lt": 3.05}, "accepted": False},
    {"stroke_n": 1.5},
    {"project": "nowhere"},
]


def test_query_is_exact_under_every_filter(store: Store) -> None:
    icons, check = store.collection(SCHEMA), FakeStore().collection(SCHEMA)
    made = points(120)
    for collection in (icons, check):
        collection.upsert(made)
    for where in FILTERS:
        for name, dims in (("text", 16), ("style", 4)):
            wanted = vector(dims)
            got = icons.query(name, wanted, where=where, limit=7)
            expected = check.query(name, wanted, where=where, limit=7)
            assert [h.id for h in got] == [h.id for h in expected], where
            assert [h.score for h in got] == pytest.approx([h.score for h in expected], abs=1e-4)
            assert [h.payload for h in got] == [h.payload for h in expected]
        assert icons.count(where) == check.count(where)
        assert [p.id for p in icons.scroll(where)] == [p.id for p in check.scroll(where)]
        assert [p.id for p in icons.scroll(where, newest=5)] == [p.id for p in check.scroll(where, newest=5)]


def test_upsert_replaces_delete_removes_get_keeps_the_order_asked_for(store: Store) -> None:
    icons = store.collection(SCHEMA)
    a, b = Point("a", {"kind": "x"}, {"text": vector()}), Point("b", {"kind": "x"}, {"text": vector()})
    icons.upsert([a, b])
    assert icons.query("text", a.vectors["text"], limit=1)[0].id == "a"
    moved = Point("a", {"kind": "y"}, {"text": -a.vectors["text"]})
    icons.upsert([moved])
    assert icons.count() == 2
    assert icons.query("text", a.vectors["text"], limit=2)[0].id == "b"
    icons.set_payload("a", {"kind": "z", "project": "shop"})
    icons.set_payload("nobody", {"kind": "z"})
    assert [p.payload["kind"] for p in icons.get(["b", "nobody", "a"])] == ["x", "z"]
    assert icons.query("text", moved.vectors["text"], where={"project": "shop"})[0].id == "a"
    assert icons.delete(["a", "nobody"]) == 1
    assert [h.id for h in icons.query("text", moved.vectors["text"], limit=9)] == ["b"]


def test_vectors_come_back_and_unit_length_is_kept_bit_for_bit(store: Store) -> None:
    icons = store.collection(SCHEMA)
    icons.upsert([Point("a", {}, {"text": vector(), "style": vector(4)}), Point("b", {}, {"style": vector(4)})])
    a, b = icons.get(["a", "b"], vectors=True)
    assert np.linalg.norm(a.vectors["text"]) == pytest.approx(1, abs=1e-5)
    assert set(b.vectors) == {"style"}
    icons.upsert([a])
    (again,) = icons.get(["a"], vectors=True)
    assert np.array_equal(again.vectors["text"], a.vectors["text"])
    assert [p.vectors for p in icons.get(["a"])] == [{}]


@pytest.mark.parametrize(
    "where",
    [
        {"name": "icon 1"},
        {"kind": {"$ne": "x"}},
        {"OR": [{"kind": "a"}]},
        {"AND": [{"kind": "a"}]},
        {"kind') OR 1=1 --": "x"},
        {"stroke_n": {"gte": "0"}},
        {"kind": [["a"]]},
    ],
)
def test_a_filter_can_say_nothing_but_equal_any_and_range(store: Store, where: Any) -> None:
    icons = store.collection(SCHEMA)
    icons.upsert(points(3))
    for call in (icons.count, lambda w: list(icons.scroll(w)), lambda w: icons.query("text", vector(), where=w)):
        with pytest.raises(ValueError):
            call(where)


def test_wild_values_are_only_values(store: Store) -> None:
    icons = store.collection(SCHEMA)
    icons.upsert(points(12))
    for value in ("*", "%", "' OR '1'='1", '"', "\\"):
        assert icons.count({"kind": value}) == 0
        icons.upsert([Point(value, {"kind": value}, {"text": vector()})])
        assert [p.id for p in icons.scroll({"kind": value})] == [value]
        assert icons.query("text", vector(), where={"kind": value})[0].id == value
        assert icons.delete([value]) == 1


@pytest.mark.parametrize("bad", [vector(15), np.full(16, np.nan), np.full(16, np.inf), vector(17)])
def test_a_vector_that_does_not_fit_is_refused(store: Store, bad: np.ndarray) -> None:
    icons = store.collection(SCHEMA)
    with pytest.raises(ValueError):
        icons.upsert([Point("a", {}, {"text": bad})])
    with pytest.raises(ValueError):
        icons.query("text", bad)
    with pytest.raises(ValueError):
        icons.upsert([Point("a", {}, {"image": vector()})])
    assert icons.count() == 0


def test_edge_cases_of_limit_and_emptiness(store: Store) -> None:
    icons = store.collection(SCHEMA)
    assert icons.query("text", vector()) == []
    assert list(icons.scroll(newest=3)) == []
    icons.upsert([])
    icons.upsert(points(5))
    assert icons.query("text", vector(), limit=0) == []
    assert len(icons.query("text", vector(), limit=100)) == 4  # p000 has no vectors
    assert len(icons.query("text", np.zeros(16, np.float32), limit=100)) == 4


def test_meta_and_reset_and_erase(store: Store) -> None:
    icons = store.collection(SCHEMA)
    icons.upsert(points(5))
    assert store.meta("x") is None
    store.set_meta("x", "1")
    store.set_meta("x", "2")
    assert store.meta("x") == "2"
    store.reset()
    assert icons.count() == 0
    icons.upsert(points(5))
    store.erase()


def test_version_changes_with_every_write(store: Store) -> None:
    icons = store.collection(SCHEMA)
    seen = {icons.version()}
    icons.upsert(points(2))
    seen.add(icons.version())
    icons.set_payload("p001", {"kind": "y"})
    seen.add(icons.version())
    icons.delete(["p001"])
    seen.add(icons.version())
    assert len(seen) == 4


# -- what is SQLite's and the index's own ------------------------------------------------------------------------------


def indexed(folder: Path) -> tuple[SqliteStore, Any]:
    store = SqliteStore(folder, index_from=10)
    return store, store.collection(SCHEMA)


def test_the_index_follows_writes_of_this_and_of_another_store(tmp_path: Path) -> None:
    store, icons = indexed(tmp_path / "u")
    other, theirs = indexed(tmp_path / "u")
    made = points(60)
    icons.upsert(made[:30])
    icons.query("text", vector())
    assert icons._index is not None
    theirs.upsert(made[30:])
    wanted = made[45].vectors["text"]
    assert icons.query("text", wanted)[0].id == "p045"  # by the index
    scanned, indexed_ = theirs.query("text", wanted), icons.query("text", wanted)  # the index is the first one's
    assert [h.id for h in scanned] == [h.id for h in indexed_]
    assert [h.score for h in scanned] == pytest.approx([h.score for h in indexed_], abs=1e-6)
    theirs.delete(["p045"])
    assert "p045" not in {h.id for h in icons.query("text", wanted, limit=60)}
    store.close()
    assert theirs.query("text", made[46].vectors["text"])[0].id == "p046"  # the index is free now
    other.close()


def test_the_index_is_rebuilt_when_it_is_missing_half_written_or_nonsense(tmp_path: Path) -> None:
    made = points(60)
    wanted = made[33].vectors["text"]
    store, icons = indexed(tmp_path / "u")
    icons.upsert(made)
    icons.query("text", wanted)
    store.close()
    folder = tmp_path / "u" / "index-icons"
    for harm in ("unmarked", "nonsense mark", "missing"):
        if harm == "unmarked":
            (folder / "clean").unlink()
        elif harm == "nonsense mark":
            (folder / "clean").write_text("{", encoding="utf-8")
        else:
            import shutil

            shutil.rmtree(folder)
        store, icons = indexed(tmp_path / "u")
        assert icons.query("text", wanted)[0].id == "p033", harm
        assert icons.query("text", wanted)[0].id == "p033", harm
        store.close()


def test_an_index_that_fails_is_left_for_the_scan(tmp_path: Path) -> None:
    store, icons = indexed(tmp_path / "u")
    made = points(60)
    icons.upsert(made)
    icons.query("text", made[1].vectors["text"])

    class Broken:
        def query(self, request: Any) -> Any:
            raise Exception("engine on fire")

        def close(self) -> None: ...

    icons._index._shard.close()
    icons._index._shard = Broken()
    assert icons.query("text", made[33].vectors["text"])[0].id == "p033"
    store.close()


def test_no_text_reaches_the_index(tmp_path: Path) -> None:
    store, icons = indexed(tmp_path / "u")
    icons.upsert(
        [Point(f"id-{i}", {"kind": "SECRETWORD", "project": "SECRETWORD"}, {"text": vector()}) for i in range(30)]
    )
    assert len(icons.query("text", vector(), where={"kind": "SECRETWORD"})) == 10
    store.close()
    files = [p for p in (tmp_path / "u" / "index-icons").rglob("*") if p.is_file()]
    assert files
    assert not [p for p in files if b"SECRETWORD" in p.read_bytes() or b"id-1" in p.read_bytes()]


def test_an_uncommitted_row_never_reaches_the_index(tmp_path: Path) -> None:
    store, icons = indexed(tmp_path / "u")
    made = points(60)
    icons.upsert(made[:50])
    icons.query("text", vector())
    with pytest.raises(KeyError), store.transaction():
        icons.upsert(made[50:])
        assert icons.query("text", made[55].vectors["text"])[0].id == "p055"
        raise KeyError
    assert "p055" not in {h.id for h in icons.query("text", made[55].vectors["text"], limit=60)}
    icons.upsert([Point("new", {}, {"text": made[55].vectors["text"]})])
    assert icons.query("text", made[55].vectors["text"])[0].id == "new"
    store.close()


def test_files_are_the_owners_alone(tmp_path: Path) -> None:
    store, icons = indexed(tmp_path / "u")
    icons.upsert(points(20))
    icons.query("text", vector())
    assert (tmp_path / "u").stat().st_mode & 0o777 == 0o700
    for path in (tmp_path / "u").glob("memory.db*"):
        assert path.stat().st_mode & 0o077 == 0
    assert (tmp_path / "u" / "index-icons").stat().st_mode & 0o077 == 0
    store.close()


def test_erasing_needs_no_room_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, icons = indexed(tmp_path / "u")
    icons.upsert(points(3))

    def full() -> Any:
        raise MemoryUnavailable("the disk is full")

    monkeypatch.setattr(store, "writing", full)
    store.erase()
    assert not list(tmp_path.iterdir())
