"""How long recall takes and how much of the true answer it finds, against plain qdrant-client and plain Mem0, in one
run.

    python tests/bench/bench_recall.py [--sizes 1000,10000,100000] [--queries 60] [--no-mem0]

Data: n icons. Names are "modifier noun" of 240 nouns and 120 modifiers; the vectors of nouns and modifiers are
MiniLM's own, a name's vector is their weighted sum with a little noise (embedding 100,000 names would take minutes
and change nothing that is measured here). Style vectors are random around 40 centres. Every row carries a drawing of
about 400 bytes.

Asked: 10 nearest icons to a phrase; the time of embedding the phrase (MiniLM int8, no cache) is in every row.
Filters: none; style (mode and stroke width, about 10 % of the icons); project (2 %); user (one of 50 users: a filter
for the others, a store of its own here). Expected answer: numpy over all vectors. recall@10: the share of it that was
found.

The others get the same vectors and payloads: qdrant-client in local mode (on disk up to 20,000 points, in memory
above: its disk mode takes minutes to fill), Mem0 over that with our embedder in place of torch (rows written through
its vector store in batches, as ``add`` takes 10 ms each; above --mem0-cap it is left out)."""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import sys
import tempfile
import time
import uuid
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.update(MEM0_TELEMETRY="False", OMP_NUM_THREADS="1", HF_HUB_OFFLINE="1")

import numpy as np
from rich.console import Console
from rich.table import Table

from memory import exemplars
from memory.embedding import MiniLM
from memory.memory import EmbeddedMemory
from memory.paths import user_dir
from memory.records import RecallQuery, Tenant
from memory.store import Point
from memory.store_sqlite import SqliteStore
from svggen.style import STYLE_DIMS

USERS = 50
MODES = ("outline", "filled", "duotone", "color")
NOUNS = """house cup calendar bell arrow heart star cloud sun moon tree leaf flower car truck bus train plane ship
bicycle key lock shield door window chair table bed lamp clock watch camera phone tablet laptop monitor
keyboard mouse printer server database disk folder file page book pen pencil brush palette ruler
scissors hammer wrench gear bolt battery plug cable antenna radio speaker headphones microphone music
film ticket game dice puzzle ball trophy medal flag map pin compass globe mountain wave drop fire
snowflake umbrella wind storm rainbow apple banana cherry lemon carrot bread cheese pizza burger egg
fish chicken cow dog cat horse bird owl bee butterfly spider turtle frog snake whale bone paw hand foot
eye ear nose mouth brain tooth pill syringe bandage hospital ambulance doctor nurse person child family
crown ring diamond gift cake candle balloon shirt shoe hat glasses bag wallet coin money card bank chart
graph percent scale gavel building factory shop market cart basket box package truckload crate pallet
crane road bridge tunnel traffic signpost fuel pump anchor wheel rocket satellite planet telescope
microscope atom molecule magnet flask beaker robot chip code terminal bug branch commit merge cursor
link attachment image video envelope inbox message chat user team settings filter search trash archive
bookmark tag label list grid menu layout sidebar toggle switch slider button checkbox""".split()
MODIFIERS = """small large old new broken open closed empty full double left right upper lower round square thin thick
dark light red green blue plain fancy happy sad angry quiet loud fast slow hot cold wet dry soft hard
high low near far inner outer upper hidden shared public private local remote daily weekly monthly
annual early late first last main spare extra missing pending failed active paused stopped running
locked secure trusted blocked banned allowed starred pinned muted urgent draft final signed sealed
printed scanned digital paper metal wooden glass rubber stone golden silver electric solar nuclear
medical legal royal rural urban global marine aerial winter summer spring autumn morning evening night""".split()
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.5">'
    '<path d="M3 11 L12 3 L21 11 V21 H3 Z"/><path d="M9 21 V14 H15 V21"/><circle cx="12" cy="{y}" r="1.5"/></svg>'
)


@dataclass
class Data:
    """n icons: unit text vectors (n, 384), style vectors, payloads."""

    text: np.ndarray
    style: np.ndarray
    payloads: list[dict[str, Any]]
    ids: list[str]


class Times:
    """Milliseconds of each ``with`` block: by the clock, and of the processor (which other programs lengthen less)."""

    def __init__(self) -> None:
        self.wall: list[float] = []
        self.cpu: list[float] = []

    def __enter__(self) -> None:
        self._start = time.perf_counter(), time.process_time()

    def __exit__(self, *error: object) -> None:
        self.wall.append((time.perf_counter() - self._start[0]) * 1e3)
        self.cpu.append((time.process_time() - self._start[1]) * 1e3)


@dataclass
class Row:
    size: int
    engine: str
    filter: str
    times: Times
    recall: float | None
    note: str = ""


def make_data(n: int, embedder: MiniLM, rng: np.random.Generator) -> Data:
    from svggen.icon import parse, serialise

    nouns, modifiers = embedder.embed(NOUNS), embedder.embed(MODIFIERS)
    a, b = rng.integers(len(NOUNS), size=n), rng.integers(len(MODIFIERS), size=n)
    text = nouns[a] + 0.6 * modifiers[b] + 0.02 * rng.standard_normal((n, 384))
    text = (text / np.linalg.norm(text, axis=1, keepdims=True)).astype(np.float32)
    centres = rng.standard_normal((40, STYLE_DIMS))
    style = (centres[rng.integers(40, size=n)] + 0.2 * rng.standard_normal((n, STYLE_DIMS))).astype(np.float32)
    drawings = [serialise(parse(SVG.format(y=y / 10))) for y in range(60, 180)]
    payloads = [
        {
            "kind": "exemplar",
            "id": f"icon-{i}",
            "name": f"{MODIFIERS[b[i]]}-{NOUNS[a[i]]}",
            "tags": [NOUNS[a[i]]],
            "svg": drawings[i % len(drawings)],
            "source": "bench",
            "licence": "own",
            "created_at": "2026-11-23T12:00:00+00:00",
            "project": f"project {i % 50}",
            "prompt": "",
            "style": {"stroke_width": 1 + (i % 5) / 2, "mode": MODES[i % 4]},
            "mode": MODES[i % 4],
            "stroke_n": 1 + (i % 5) / 2,
            "accepted": i % 3 == 0,
            "user_id": f"user{i % USERS}",
        }
        for i in range(n)
    ]
    return Data(text, style, payloads, [f"icon-{i}" for i in range(n)])


FILTERS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "none": lambda p: True,
    "style": lambda p: p["mode"] == "outline" and 1.4 <= p["stroke_n"] <= 2.1,
    "project": lambda p: p["project"] == "project 7",
    "user": lambda p: p["user_id"] == "user7",
}


def truth(data: Data, vectors: np.ndarray) -> dict[str, list[set[str]]]:
    """For each filter and query the ids of the ten nearest."""
    out: dict[str, list[set[str]]] = {}
    for name, test in FILTERS.items():
        keep = np.array([i for i, p in enumerate(data.payloads) if test(p)])
        scores = vectors @ data.text[keep].T
        best = np.argsort(-scores, axis=1)[:, :10]
        out[name] = [{data.ids[keep[i]] for i in row} for row in best]
    return out


def timed(ask: Callable[[str], list[str]], phrases: list[str], expected: list[set[str]]) -> tuple[Times, float]:
    times, found = Times(), []
    ask(phrases[0])
    for phrase, wanted in zip(phrases, expected, strict=False):
        with times:
            ids = ask(phrase)
        found.append(len(wanted & set(ids)) / max(1, len(wanted)))
    return times, float(np.mean(found))


class Uncached:
    """MiniLM without its cache of texts: every query pays for its embedding."""

    def __init__(self, model: MiniLM) -> None:
        self.model, self.name, self.dims = model, model.name, model.dims

    def embed(self, texts: Any) -> Any:
        self.model._cache = type(self.model._cache)(0)
        return self.model.embed(texts)


def ours(data: Data, phrases: list[str], expected: dict[str, list[set[str]]], embedder: Any, folder: Path) -> list[Row]:
    n = len(data.ids)
    rows = []
    home = folder / "home"
    schema = exemplars.schema(384)
    start = time.perf_counter()
    store = SqliteStore(user_dir(home, "all"))
    fill(store.collection(schema), data, range(n))
    one = SqliteStore(user_dir(home, "user7"))
    fill(one.collection(schema), data, [i for i in range(n) if i % USERS == 7])
    written = time.perf_counter() - start
    book, own = (exemplars.ExemplarBook(s.collection(schema), embedder) for s in (store, one))
    start = time.perf_counter()
    book.by_text(phrases[0], 10)
    built = time.perf_counter() - start
    note = f"write {written:.1f} s, index {built:.1f} s"
    wheres: dict[str, Any] = {
        "none": None,
        "style": {"mode": "outline", "stroke_n": {"gte": 1.4, "lte": 2.1}},
        "project": {"project": "project 7"},
    }
    for name, where in wheres.items():
        ask = lambda phrase, where=where: [f.id for f in book.by_text(phrase, 10, where)]  # noqa: E731
        times, recall = timed(ask, phrases, expected[name])
        rows.append(Row(n, "mnemicon", name, times, recall, note))
        note = ""
    times, recall = timed(lambda phrase: [f.id for f in own.by_text(phrase, 10)], phrases, expected["user"])
    rows.append(Row(n, "mnemicon", "user", times, recall))
    store.close()
    one.close()
    start = time.perf_counter()
    memory = EmbeddedMemory(home, embedder=embedder, library=NoLibrary())
    tenant = Tenant("all")
    memory.recall(tenant, RecallQuery("x", ("house", "bell")))
    cold = time.perf_counter() - start
    times = Times()
    for phrase in phrases:
        with times:
            memory.recall(tenant, RecallQuery(phrase, (phrase, phrase.split()[1])))
    rows.append(Row(n, "mnemicon", "whole recall(), 2 ideas", times, None, f"open and first {cold:.2f} s"))
    memory.close()
    return rows


class NoLibrary:
    def search(self, query: str, **options: Any) -> list[Any]:
        return []


def fill(collection: Any, data: Data, which: Any) -> None:
    which = list(which)
    for i in range(0, len(which), 2000):
        collection.upsert(
            [
                Point(data.ids[j], data.payloads[j], {"text": data.text[j], "style": data.style[j]})
                for j in which[i : i + 2000]
            ]
        )


def qdrant_local(
    data: Data, phrases: list[str], expected: dict[str, list[set[str]]], embedder: Any, folder: Path
) -> list[Row]:
    from qdrant_client import QdrantClient, models

    n = len(data.ids)
    on_disk = n <= 20_000
    client = QdrantClient(path=str(folder / "qdrant")) if on_disk else QdrantClient(":memory:")
    client.create_collection("icons", vectors_config=models.VectorParams(size=384, distance=models.Distance.COSINE))
    start = time.perf_counter()
    for i in range(0, n, 500):
        ids = range(i, min(n, i + 500))
        client.upsert(
            "icons", [models.PointStruct(id=j, vector=data.text[j].tolist(), payload=data.payloads[j]) for j in ids]
        )
    note = f"write {time.perf_counter() - start:.1f} s, {'disk' if on_disk else 'memory'}"
    match = lambda key, value: models.FieldCondition(key=key, match=models.MatchValue(value=value))  # noqa: E731
    wheres: dict[str, Any] = {
        "none": None,
        "style": models.Filter(
            must=[match("mode", "outline"), models.FieldCondition(key="stroke_n", range=models.Range(gte=1.4, lte=2.1))]
        ),
        "project": models.Filter(must=[match("project", "project 7")]),
        "user": models.Filter(must=[match("user_id", "user7")]),
    }
    few = phrases[: len(phrases) if n <= 1000 else 20 if n <= 10_000 else 6]
    rows = []
    for name, where in wheres.items():

        def ask(phrase: str, where: Any = where) -> list[str]:
            vector = embedder.embed([phrase])[0].tolist()
            answer = client.query_points("icons", query=vector, query_filter=where, limit=10)
            return [p.payload["id"] for p in answer.points]

        times, recall = timed(ask, few, expected[name])
        rows.append(Row(n, "qdrant-client local", name, times, recall, note))
        note = f"{len(few)} queries"
    client.close()
    return rows


class PlainEmbedding:
    """Mem0's embedder: the same MiniLM, so that what differs is Mem0."""

    model: Any = None

    def __init__(self, config: Any = None) -> None:
        self.config = config

    def embed(self, text: str, memory_action: Any = None) -> list[float]:
        return [float(x) for x in PlainEmbedding.model.embed([text])[0]]


def mem0_plain(
    data: Data, phrases: list[str], expected: dict[str, list[set[str]]], embedder: Any, folder: Path
) -> list[Row]:
    os.environ["MEM0_DIR"] = str(folder / "mem0")
    import mem0
    from mem0.utils.factory import EmbedderFactory

    PlainEmbedding.model = embedder
    EmbedderFactory.provider_to_class["huggingface"] = f"{__name__}.PlainEmbedding"
    n = len(data.ids)
    memory = mem0.Memory.from_config(
        {
            "embedder": {"provider": "huggingface", "config": {"embedding_dims": 384}},
            "vector_store": {
                "provider": "qdrant",
                "config": {
                    "path": str(folder / "m0"),
                    "collection_name": "m",
                    "embedding_model_dims": 384,
                    "on_disk": True,
                },
            },
            "llm": {"provider": "openai", "config": {"api_key": "unused", "model": "x"}},
            "history_db_path": str(folder / "history.db"),
        }
    )
    keys = [str(uuid.uuid5(uuid.NAMESPACE_OID, str(j))) for j in range(n)]
    id_of = dict(zip(keys, data.ids, strict=True))
    start = time.perf_counter()
    for i in range(0, n, 500):
        ids = list(range(i, min(n, i + 500)))
        memory.vector_store.insert(
            vectors=[data.text[j].tolist() for j in ids],
            payloads=[{**data.payloads[j], "data": data.payloads[j]["name"]} for j in ids],
            ids=[keys[j] for j in ids],
        )
    note = f"write {time.perf_counter() - start:.1f} s, disk"
    few = phrases[: len(phrases) if n <= 1000 else 10]

    def ask(phrase: str, extra: dict[str, Any]) -> list[str]:
        found = memory.search(phrase, filters={"user_id": "user7", **extra}, top_k=10, threshold=0.0)["results"]
        return [id_of[item["id"]] for item in found]

    times, recall = timed(lambda phrase: ask(phrase, {}), few, expected["user"])
    return [Row(n, "plain Mem0 (local Qdrant)", "user", times, recall, note)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--queries", type=int, default=60)
    parser.add_argument("--mem0-cap", type=int, default=10_000, help="largest size that plain Mem0 is filled with")
    parser.add_argument("--no-mem0", action="store_true")
    parser.add_argument("--only-ours", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)  # Mem0 says on every start what it could download
    rng = np.random.default_rng(23)
    model = MiniLM()
    embedder = Uncached(model)
    console = Console(width=None if sys.stdout.isatty() else 150)
    rows: list[Row] = []
    for size in [int(s) for s in options.sizes.split(",")]:
        data = make_data(size, model, rng)
        phrases = [
            f"{MODIFIERS[rng.integers(len(MODIFIERS))]} {NOUNS[rng.integers(len(NOUNS))]}"
            for _ in range(options.queries)
        ]
        expected = truth(data, model.embed(phrases))
        times, _ = timed(lambda phrase: list(map(str, embedder.embed([phrase])[0, :1])), phrases, expected["none"])
        rows.append(Row(size, "embedding alone", "", times, None))
        engines: list[Any] = [ours]
        if not options.only_ours:
            engines.append(qdrant_local)
            if not options.no_mem0 and size <= options.mem0_cap:
                engines.append(mem0_plain)
        for engine in engines:
            folder = Path(tempfile.mkdtemp(prefix="bench-recall-"))
            try:
                with console.status(f"{engine.__name__}, {size:,} icons"):
                    rows += engine(data, phrases, expected, embedder, folder)
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    show(rows, console)


def show(rows: list[Row], console: Console) -> None:
    table = Table(title="Recall of 10 icons by a phrase, embedding included (ms; CPU: p50 of processor time)")
    for column in ("icons", "engine", "filter", "p50", "p95", "CPU", "recall@10", "against ours", ""):
        table.add_column(
            column, justify="right" if column in ("icons", "p50", "p95", "CPU", "recall@10") else "left", no_wrap=True
        )
    base = {(r.size, r.filter): float(np.median(r.times.wall)) for r in rows if r.engine == "mnemicon"}
    for r in rows:
        p50, p95 = np.percentile(r.times.wall, [50, 95])
        cpu = np.median(r.times.cpu)
        known = base.get((r.size, r.filter))
        ratio = "" if r.engine == "mnemicon" or not known else f"{p50 / known:.0f} x"
        found = "" if r.recall is None else f"{r.recall:.3f}"
        table.add_row(f"{r.size:,}", r.engine, r.filter, f"{p50:.1f}", f"{p95:.1f}", f"{cpu:.1f}", found, ratio, r.note)
    console.print(table)


if __name__ == "__main__":
    main()
