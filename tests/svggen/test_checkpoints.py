"""Checkpoints: where they are found, what is wrong with a file, and that not one tensor is missing or left over."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from svggen.errors import ModelError, WeightsError
from svggen.models.checkpoints import (
    empty,
    fingerprint,
    load_into,
    locate,
    missing_files,
    needs,
    read_json,
    read_tensors,
    revision,
)

slow = pytest.mark.slow
REPO = "someone/some-model"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Hugging Face cache with one repository in it."""
    import huggingface_hub.constants as constants

    commit = "0123456789abcdef0123456789abcdef01234567"
    repository = tmp_path / "hub" / "models--someone--some-model"
    snapshot = repository / "snapshots" / commit
    snapshot.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(commit)
    (snapshot / "config.json").write_text("{}")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    return snapshot


def test_a_folder_that_is_named_is_taken(tmp_path: Path) -> None:
    assert locate("m", REPO, str(tmp_path)) == tmp_path
    with pytest.raises(ModelError, match=r"m: there is no folder.*nowhere"):
        locate("m", REPO, str(tmp_path / "nowhere"))


def test_else_the_cache_is_looked_at_and_nothing_else(cache: Path) -> None:
    import huggingface_hub

    assert locate("m", REPO) == cache
    assert locate("m", REPO, commit=cache.name) == cache
    assert str(cache) == huggingface_hub.snapshot_download(REPO, local_files_only=True)
    assert revision("m", REPO) == fingerprint(cache) == cache.name[:12]
    with pytest.raises(ModelError, match=r"other/model.*mnemicon models fetch m.*m:/folder"):
        locate("m", "other/model")
    assert revision("m", "other/model") == "absent"
    for wrong in ("no repository, a sentence", "../../etc", "a/b/c", ""):
        with pytest.raises(ModelError, match="neither a folder nor"):
            locate("m", wrong)


def test_a_missing_package_is_named_with_what_brings_it() -> None:
    needs("gpu", "json")
    with pytest.raises(ModelError, match=r"no_such_thing is not installed: pip install 'mnemicon\[gpu\]'"):
        needs("gpu", "json", "no_such_thing")


def test_what_a_folder_lacks(tmp_path: Path) -> None:
    assert missing_files(tmp_path, ("config.json",)) == ["config.json", "model.safetensors"]
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "pytorch_model.bin").write_bytes(b"x")
    assert missing_files(tmp_path, ("config.json",)) == []
    shards = {"a": "one.safetensors", "b": "two.safetensors"}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps({"weight_map": shards}))
    (tmp_path / "one.safetensors").write_bytes(b"x")
    assert missing_files(tmp_path, ()) == ["two.safetensors"]
    (tmp_path / "model.safetensors.index.json").write_text('{"weight_map": {"a": "../../passwords"}}')
    assert missing_files(tmp_path, ()) == ["model.safetensors.index.json"]


def test_a_fingerprint_changes_with_either_end_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "pytorch_model.bin"
    seen = set()
    for content in (b"a" * 200_000, b"b" + b"a" * 199_999, b"a" * 199_999 + b"b", b"a" * 200_001):
        file.write_bytes(content)
        seen.add(fingerprint(tmp_path))
    assert len(seen) == 4 and all(len(one) == 12 for one in seen)


@pytest.mark.parametrize("text", ["", '{"a": ', "[1]", "[" * 100_000, "\x00"])
def test_broken_json_names_the_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.json").write_text(text)
    with pytest.raises(WeightsError, match=r"config\.json"):
        read_json(tmp_path, "config.json")
    with pytest.raises(WeightsError, match=r"no other\.json"):
        read_json(tmp_path, "other.json")


# -------------------------------------------------------------------------------------------------- tensors and modules


def tensors() -> dict[str, Any]:
    import torch

    made = torch.Generator().manual_seed(3)
    return {"weight": torch.randn(6, 4, generator=made), "bias": torch.randn(6, generator=made)}


@slow
@pytest.mark.parametrize("kind", ["bin", "old bin", "safetensors", "shards"])
def test_tensors_are_read_from_every_layout(tmp_path: Path, kind: str) -> None:
    import torch
    from safetensors.torch import save_file

    given = tensors()
    if "bin" in kind:
        torch.save(given, tmp_path / "pytorch_model.bin", _use_new_zipfile_serialization=kind == "bin")
    elif kind == "safetensors":
        save_file(given, tmp_path / "model.safetensors")
    else:
        index = {name: f"{name}.safetensors" for name in given}
        for name, file in index.items():
            save_file({name: given[name]}, tmp_path / file)
        (tmp_path / "model.safetensors.index.json").write_text(json.dumps({"weight_map": index}))
    found = read_tensors(tmp_path)
    assert found.keys() == given.keys() and all(torch.equal(found[n], given[n]) for n in given)


@slow
@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.safetensors"])
@pytest.mark.parametrize("kept", [0.0, 0.01, 0.5, 0.97])
def test_half_a_download_is_told_as_that(tmp_path: Path, name: str, kept: float) -> None:
    import torch
    from safetensors.torch import save_file

    big = {f"layer.{n}": torch.randn(64, 64) for n in range(8)}
    path = tmp_path / name
    torch.save(big, path) if name.endswith("bin") else save_file(big, path)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(WeightsError, match=rf"{name}.*(damaged|partly)"):
        read_tensors(tmp_path)


class Bomb:
    """Pickled, it asks whoever reads it to run a command."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self._path),)


@slow
def test_a_pickle_that_would_run_code_is_refused_and_runs_none(tmp_path: Path) -> None:
    import torch

    for zipped in (True, False):
        torch.save({"a": torch.zeros(2), "b": Bomb(tmp_path / "exploded")}, tmp_path / "pytorch_model.bin",
                   _use_new_zipfile_serialization=zipped)  # fmt: skip
        with pytest.raises(WeightsError, match="would have to run code"):
            read_tensors(tmp_path)
        assert not (tmp_path / "exploded").exists()


@slow
def test_other_things_than_weights_are_refused(tmp_path: Path) -> None:
    import torch

    with pytest.raises(WeightsError, match="no weights in"):
        read_tensors(tmp_path)
    path = tmp_path / "pytorch_model.bin"
    for wrong in ([1, 2], {"a": 1}, {3: torch.zeros(1)}):
        torch.save(wrong, path)
        with pytest.raises(WeightsError, match=r"no (plain )?state dict"):
            read_tensors(tmp_path)
    path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 17")
    with pytest.raises(WeightsError, match="git lfs pull"):
        read_tensors(tmp_path)
    (tmp_path / "model.safetensors.index.json").write_text('{"weight_map": {"a": "gone.safetensors"}}')
    with pytest.raises(WeightsError, match=r"no gone\.safetensors"):
        read_tensors(tmp_path, "model.safetensors.index.json")


def net() -> Any:
    """A layer, a norm with buffers, and a head that is the embedding."""
    import torch
    from torch import nn

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.table = nn.Embedding(5, 3)
            self.norm = nn.BatchNorm1d(3)
            self.head = nn.Linear(3, 5, bias=False)
            self.head.weight = self.table.weight
            self.register_buffer("angles", 7 * torch.ones(3), persistent=False)

    return Net()


@slow
def test_a_module_without_memory_is_filled_and_keeps_what_it_computed() -> None:
    import torch

    before = torch.get_rng_state()
    full = net()
    torch.set_rng_state(before)
    with empty():
        made = net()
    assert torch.equal(torch.get_rng_state(), before)
    assert made.table.weight.is_meta and not made.angles.is_meta
    state = {f"old.{k}": v for k, v in full.state_dict().items() if k != "table.weight"} | {"old.extra": torch.ones(1)}
    load_into(made, state, lambda key: None if key == "old.extra" else key.removeprefix("old."), "here",
              dtype=torch.bfloat16)  # fmt: skip
    assert not made.training and made.head.weight is made.table.weight
    assert made.table.weight.dtype == torch.bfloat16 and made.norm.num_batches_tracked.dtype == torch.long
    assert torch.equal(made.table.weight.float(), full.table.weight.detach().bfloat16().float())
    assert torch.equal(made.angles, torch.full((3,), 7.0))


@slow
def test_every_way_in_which_tensors_do_not_fit() -> None:
    import torch

    state = dict(net().state_dict())

    def filled(change: dict[str, Any]) -> None:
        given = {k: v for k, v in {**state, **change}.items() if v is not None}
        with empty():
            made = net()
        load_into(made, given, None, "/weights/of.bin")

    filled({})
    with pytest.raises(WeightsError, match=r"/weights/of\.bin.*1 missing \(norm\.bias\).*another model"):
        filled({"norm.bias": None})
    with pytest.raises(WeightsError, match=r"1 missing \(norm\.running_var\)"):
        filled({"norm.running_var": None})
    with pytest.raises(WeightsError, match=r"2 unknown \(more\.a, more\.b\)"):
        filled({"more.a": torch.ones(1), "more.b": torch.ones(1)})
    with pytest.raises(WeightsError, match=r"table\.weight is \(6, 3\), wanted \(5, 3\).*another model or revision"):
        filled({"table.weight": torch.ones(6, 3), "head.weight": None})
    with pytest.raises(WeightsError, match="differ, and are one"):
        filled({"table.weight": torch.ones(5, 3)})
    with pytest.raises(WeightsError, match="two tensors for"):
        load_into(net(), {"a": torch.ones(1), "b": torch.ones(1)}, lambda _: "table.weight", "here")
