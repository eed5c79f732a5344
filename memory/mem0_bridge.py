"""Mem0 with everything that it reaches the world by replaced: our embedder, our collection, no LLM, no telemetry.

Contract. ``build`` gives a ``mem0.Memory`` bound to one user's collection. Importing this module imports Mem0 (about
1.2 s), so it happens on the first write only; the importer has set ``MEM0_DIR`` before. What Mem0 2.2 does when it is
taken as it comes, and what is done about it here:

    telemetry and remote "notices", on by default     off before the import, and again after it
    spaCy model downloaded on the first add           its entity and lemma steps are replaced by ones that need no model
    constructing needs an LLM client                  ``NoLlm``, which has no client at all
    "*" as user id reads and deletes every user       the collection is one user's; any other user_id is refused
    ``AND`` in a filter overrides the user            filters are equalities on known keys, nothing else is accepted
    get, update, delete by id are not scoped          the collection holds one user's rows: no other id exists in it
    list returns 20 rows, or 100                      all of them are returned
    embedded Qdrant loses writes under threads        the collection is SQLite (see store_sqlite.py)
    the history file keeps deleted text               PreferenceBook.purge

Mem0's private names are touched in this file only.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Protocol

from memory.errors import TenantError
from memory.store import Collection, Filter, Point

os.environ["MEM0_TELEMETRY"] = "False"  # read by Mem0 when it is imported
logging.getLogger("mem0").addHandler(logging.NullHandler())  # what goes wrong is raised; Mem0 also prints it

import mem0.memory.main as engine  # noqa: E402
import mem0.memory.telemetry as telemetry  # noqa: E402
from mem0.configs.base import MemoryConfig  # noqa: E402
from mem0.embeddings.base import EmbeddingBase  # noqa: E402
from mem0.llms.base import LLMBase  # noqa: E402
from mem0.utils.factory import EmbedderFactory, LlmFactory, VectorStoreFactory  # noqa: E402
from mem0.vector_stores.base import VectorStoreBase  # noqa: E402

__all__ = ["MnemiconEmbedding", "MnemiconVectors", "NoLlm", "build"]

PROVIDER = "mnemicon"


class Embeds(Protocol):
    def embed(self, texts: Sequence[str]) -> Any: ...


def build(collection: Collection, embedder: Embeds, user: str, history: Path) -> Any:
    """A ``mem0.Memory`` whose rows are those of ``collection``. Opens no socket and loads no model."""
    _replace_parts()
    vectors = _Config(collection_name=collection.schema.name, collection=collection, user=user)
    config = MemoryConfig.model_construct(  # the validated constructor knows only Mem0's own providers
        vector_store=SimpleNamespace(provider=PROVIDER, config=vectors),
        embedder=SimpleNamespace(provider=PROVIDER, config={"model": embedder}),
        llm=SimpleNamespace(provider=PROVIDER, config={}),
        history_db_path=str(history),
        reranker=None,
        version="v1.1",
        custom_instructions=None,
    )
    memory = engine.Memory(config)
    memory.db.connection.execute("PRAGMA secure_delete = ON")
    return memory


def _replace_parts() -> None:
    EmbedderFactory.provider_to_class[PROVIDER] = f"{__name__}.MnemiconEmbedding"
    VectorStoreFactory.provider_to_class[PROVIDER] = f"{__name__}.MnemiconVectors"
    LlmFactory.register_provider(PROVIDER, f"{__name__}.NoLlm")
    # a host program may have imported Mem0 before us, with telemetry on
    engine.MEM0_TELEMETRY = telemetry.MEM0_TELEMETRY = False
    # Mem0 lemmatises and extracts entities with spaCy where that is installed, and downloads a model for it
    engine.lemmatize_for_bm25 = str.lower
    engine.extract_entities = _no_entities


def _no_entities(text: str) -> list[tuple[str, str]]:
    return []


@dataclass(frozen=True)
class _Config:
    """What Mem0 wants of a vector store's configuration."""

    collection_name: str
    collection: Collection
    user: str

    def model_dump(self) -> dict[str, Any]:
        return {"collection": self.collection, "user": self.user}


class MnemiconEmbedding(EmbeddingBase):  # type: ignore[misc]  # Mem0 is not typed
    """Our embedder under Mem0's name for it."""

    def embed(self, text: str, memory_action: str | None = None) -> list[float]:
        vector = self.config.model.embed([text])[0]
        return [float(x) for x in vector]


class NoLlm(LLMBase):  # type: ignore[misc]
    """Mem0 asks for a language model although ``infer=False`` never calls it."""

    def generate_response(self, messages: Any, tools: Any = None, tool_choice: str = "auto", **kwargs: Any) -> str:
        raise RuntimeError("mnemicon writes preferences through its own gate; Mem0 must not infer")


@dataclass(frozen=True)
class _Found:
    """A row as Mem0 reads it."""

    id: str
    payload: dict[str, Any]
    score: float = 0.0


class MnemiconVectors(VectorStoreBase):  # type: ignore[misc]
    """One user's collection as a Mem0 vector store."""

    def __init__(self, collection: Collection, user: str) -> None:
        self.collection, self.user = collection, user

    def create_col(self, name: str, vector_size: int, distance: str) -> None:
        raise NotImplementedError("the collection is made by mnemicon")

    def insert(
        self,
        vectors: Sequence[Sequence[float]],
        payloads: Sequence[Mapping[str, Any]] | None = None,
        ids: Sequence[str] | None = None,
    ) -> None:
        import numpy as np

        if payloads is None or ids is None:
            raise ValueError("Mem0 gave neither payloads nor ids")
        for payload in payloads:
            self._own(payload.get("user_id"))
        self.collection.upsert(
            [
                Point(str(id), dict(payload), {"text": np.asarray(vector, dtype=np.float32)})
                for id, vector, payload in zip(ids, vectors, payloads, strict=True)
            ]
        )

    def search(
        self, query: str, vectors: Sequence[float], top_k: int = 5, filters: Mapping[str, Any] | None = None
    ) -> list[_Found]:
        import numpy as np

        where = self._scoped(filters)
        hits = self.collection.query("text", np.asarray(vectors, dtype=np.float32), where=where, limit=top_k)
        return [_Found(hit.id, hit.payload, max(0.0, hit.score)) for hit in hits]

    def keyword_search(self, query: str, top_k: int = 5, filters: Mapping[str, Any] | None = None) -> None:
        return None  # a few dozen rows: the semantic search sees them all

    def delete(self, vector_id: str) -> None:
        self.collection.delete([str(vector_id)])

    def update(
        self, vector_id: str, vector: Sequence[float] | None = None, payload: Mapping[str, Any] | None = None
    ) -> None:
        import numpy as np

        if payload is None:
            raise ValueError("Mem0 gave no payload")
        self._own(payload.get("user_id"))
        if vector is None:
            self.collection.set_payload(str(vector_id), dict(payload))
        else:
            point = Point(str(vector_id), dict(payload), {"text": np.asarray(vector, dtype=np.float32)})
            self.collection.upsert([point])

    def get(self, vector_id: str) -> _Found | None:
        found = self.collection.get([str(vector_id)])
        return _Found(found[0].id, found[0].payload) if found else None

    def list_cols(self) -> list[str]:
        return [self.collection.schema.name]

    def delete_col(self) -> None:
        raise NotImplementedError("a user is erased by Memory.forget_all")

    def col_info(self) -> dict[str, Any]:
        return {"name": self.collection.schema.name, "points": self.collection.count()}

    def list(self, filters: Mapping[str, Any] | None = None, top_k: int | None = None) -> list[list[_Found]]:
        return [[_Found(p.id, p.payload) for p in self.collection.scroll(self._scoped(filters))]]

    def reset(self) -> None:
        raise NotImplementedError("a user is erased by Memory.forget_all")

    def _own(self, user: object) -> None:
        if user != self.user:
            raise TenantError(f"this memory is one user's; {user!r:.40} is another")

    def _scoped(self, filters: Mapping[str, Any] | None) -> Filter:
        """Mem0's filter, if it is one of equalities on known keys and names this user."""
        where = dict(filters or {})
        self._own(where.pop("user_id", None))
        for key, value in where.items():
            if key not in self.collection.schema.facets or not isinstance(value, str):
                raise ValueError(f"filter {key!r} is not allowed")
        return where
