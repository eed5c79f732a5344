"""Checkpoints of published models: where they lie, and how their tensors get into a module.

Contract. Nothing here reaches the network, and nothing in a file of weights is ever run: safetensors, or ``.bin`` with
``weights_only``. torch is imported on use only. A tensor is copied once, onto the device and into the type in which it
is used; files are mapped, not read, where their format allows it.

``locate`` finds the folder: the one that is given, else the repository's snapshot in the Hugging Face cache.
``read_json`` and ``read_tensors`` read what lies there; ``empty`` builds a module without its weights; ``load_into``
fills it: not one tensor missing, not one too many, each of its shape.

Errors: ``ModelError`` where there is no such folder or a package is missing (it says what to do); ``WeightsError`` for
a file that is missing, cut short, holds code, or belongs to another model or release; both name the file.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svggen.errors import ModelError, WeightsError

if TYPE_CHECKING:
    from torch import Tensor, nn

__all__ = [
    "empty", "fingerprint", "load_into", "locate", "missing_files", "needs", "read_json", "read_tensors", "revision",
    "same",
]  # fmt: skip

_WEIGHTS = ("model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json")
_REPOSITORY = re.compile(r"(?:[\w-][\w.-]*/)?[\w-][\w.-]*")
_EDGE = 65536
"""Bytes at each end of a file that its fingerprint is made of."""
_NAMED = 4
"""Keys that an error names."""


# -------------------------------------------------------------------------------------------------------------- places


def needs(extra: str, *packages: str) -> None:
    """ModelError where one of the packages is not installed: it names the package and the extra that brings it."""
    absent = [name for name in packages if not _installed(name)]
    if absent:
        raise ModelError(f"{' and '.join(absent)} {_is(absent)} not installed: pip install 'mnemicon[{extra}]'")


@cache
def _installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except (ImportError, ValueError):
        return False


def _is(things: Sequence[object]) -> str:
    return "is" if len(things) == 1 else "are"


def locate(name: str, repo: str, argument: str | None = None, *, commit: str | None = None) -> Path:
    """The folder of a checkpoint. name: the model's, for the message; argument: a folder, which is then taken as it is;
    else the snapshot of ``repo`` in the Hugging Face cache (``commit``: or a branch; None: main). Raises
    ModelError where there is none."""
    if argument is not None:
        folder = Path(argument).expanduser()
        if not folder.is_dir():
            raise ModelError(f"{name}: there is no folder {argument!r:.200}")
        return folder
    if not _REPOSITORY.fullmatch(repo):
        raise ModelError(f"{name}: {repo!r:.100} is neither a folder nor the name of a repository")
    found = _snapshot(repo, commit or "main")
    if found is None:
        raise ModelError(
            f"{name}: the weights of {repo} are not on this machine: run `mnemicon models fetch {name}`, or name the "
            f"folder that they are in ({name}:/folder)"
        )
    return found


def _snapshot(repo: str, commit: str) -> Path | None:
    """Where the cache has the repository: the commit that a branch's file in ``refs`` names, or the one that is named.
    (``snapshot_download(local_files_only=True)`` finds the same, and takes half a second to import.)"""
    needs("gpu", "huggingface_hub")
    from huggingface_hub import constants

    home = Path(constants.HF_HUB_CACHE) / f"models--{repo.replace('/', '--')}"
    try:
        named = (home / "refs" / commit).read_text().strip()
    except OSError:
        named = commit
    folder = home / "snapshots" / named
    return folder if named and folder.is_dir() else None


def missing_files(folder: Path, files: Sequence[str], *, weights: bool = True) -> list[str]:
    """Of the files that a model needs, those that its folder lacks; with ``weights`` also the shards of an index, or
    ``model.safetensors`` where there are no weights at all. Looks at names only."""
    absent = [name for name in files if not (folder / name).is_file()]
    if weights:
        found = _weights_file(folder)
        if found is None:
            absent.append(_WEIGHTS[0])
        elif found.name.endswith(".index.json"):
            try:
                absent += [name for name in _shards(found) if not (folder / name).is_file()]
            except WeightsError:
                absent.append(found.name)
    return absent


def fingerprint(folder: Path) -> str:
    """12 hex digits that name these weights: of the commit for a snapshot of the Hugging Face cache, else of a digest
    over names, sizes and the ends of the files (whole files of 17 GB take a minute to digest)."""
    if folder.parent.name == "snapshots" and len(folder.name) == 40:
        return folder.name[:12]
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.iterdir() if p.suffix in (".bin", ".safetensors", ".json")):
        with path.open("rb") as file:
            size = path.stat().st_size
            digest.update(f"{path.name}:{size}\n".encode())
            digest.update(file.read(_EDGE))
            file.seek(max(0, size - _EDGE))
            digest.update(file.read(_EDGE))
    return digest.hexdigest()[:12]


def revision(name: str, repo: str, argument: str | None = None) -> str:
    """What names the weights that ``locate`` would find (``fingerprint``); "absent" where there are none."""
    try:
        return fingerprint(locate(name, repo, argument))
    except (ModelError, OSError):
        return "absent"


# ------------------------------------------------------------------------------------------------------------- reading


def read_json(folder: Path, file: str) -> dict[str, Any]:
    """A JSON object; raises WeightsError where the file is missing, cut short or something else."""
    path = folder / file
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise WeightsError(f"there is no {file} in {folder}: the checkpoint is not complete; fetch it again") from None
    except OSError as error:
        raise WeightsError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise WeightsError(f"{path} is damaged or cut short: {error!s:.120}; fetch it again") from error
    if not isinstance(found, dict):
        raise WeightsError(f"{path} holds no JSON object")
    return found


def read_tensors(folder: Path, file: str | None = None) -> dict[str, Tensor]:
    """Name -> tensor on the CPU, mapped from the file where that can be. file: its name; None: safetensors before
    ``.bin``, whole or in shards with an index. Raises WeightsError."""
    needs("gpu", "torch", "safetensors")
    path = _weights_file(folder) if file is None else folder / file
    if path is None:
        raise WeightsError(f"there are no weights in {folder}: neither {_WEIGHTS[0]} nor {_WEIGHTS[2]}; fetch it again")
    if not path.name.endswith(".index.json"):
        return _one_file(path)
    found: dict[str, Tensor] = {}
    for name in _shards(path):
        found.update(_one_file(folder / name))
    return found


def _weights_file(folder: Path) -> Path | None:
    return next((folder / name for name in _WEIGHTS if (folder / name).is_file()), None)


def _shards(index: Path) -> list[str]:
    """The files that an index names; plain names only, so that no index leads out of its folder."""
    shards = read_json(index.parent, index.name).get("weight_map")
    if not isinstance(shards, dict) or not all(isinstance(n, str) and n == Path(n).name for n in shards.values()):
        raise WeightsError(f"{index} is no index of weights: it needs a weight_map of key to file name")
    return sorted(set(shards.values()))


def _one_file(path: Path) -> dict[str, Tensor]:
    try:
        with path.open("rb") as file:
            head = file.read(64)
    except FileNotFoundError:
        raise WeightsError(f"there is no {path.name} in {path.parent}: fetch it again") from None
    except OSError as error:
        raise WeightsError(f"{path} cannot be read: {error.strerror}") from error
    if head.startswith(b"version https://git-lfs"):
        raise WeightsError(f"{path} is a Git LFS pointer, not the weights: run `git lfs pull` in its folder")
    return _safetensors(path) if path.suffix == ".safetensors" else _pickled(path)


def _safetensors(path: Path) -> dict[str, Tensor]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return load_file(path)
    except (SafetensorError, OSError, ValueError) as error:
        raise WeightsError(f"{path} is damaged or only partly downloaded ({error!s:.120}); fetch it again") from error


def _pickled(path: Path) -> dict[str, Tensor]:
    import pickle

    import torch

    try:
        try:
            found = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
        except RuntimeError as error:
            if "mmap" not in str(error):
                raise
            found = torch.load(path, map_location="cpu", weights_only=True)  # the old format cannot be mapped
    except pickle.UnpicklingError as error:
        if _whole_archive(path):
            raise WeightsError(f"{path} holds more than tensors, and would have to run code: it is not read") from error
        raise _cut(path, error) from error
    except Exception as error:  # zip, struct, EOF and torch have an error each for a file that is not whole
        raise _cut(path, error) from error
    if not isinstance(found, dict):
        raise WeightsError(f"{path} holds no state dict")
    if not all(isinstance(k, str) and isinstance(v, torch.Tensor) for k, v in found.items()):
        raise WeightsError(f"{path} holds no plain state dict of name to tensor")
    return found


def _whole_archive(path: Path) -> bool:
    """Is it a whole zip file, or an old-style pickle? Half a zip file has no directory."""
    import zipfile

    with path.open("rb") as file:
        return file.read(2) == b"\x80\x02" or zipfile.is_zipfile(path)


def _cut(path: Path, error: Exception) -> WeightsError:
    why = (str(error).splitlines() or [type(error).__name__])[0]
    return WeightsError(f"{path} is damaged or only partly downloaded ({why:.120}); fetch it again")


# ------------------------------------------------------------------------------------------------------------- modules


@contextmanager
def empty() -> Iterator[None]:
    """Modules built inside have parameters without memory, to be filled by ``load_into``; what they compute when they
    are built (rotary frequencies, position tables) is there. Of this thread only."""
    import torch
    from torch.overrides import TorchFunctionMode

    class Unfilled(TorchFunctionMode):
        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            kwargs = kwargs or {}
            if func is torch.empty and kwargs.get("device") is None:  # what torch's layers make their parameters with
                kwargs["device"] = "meta"
            return func(*args, **kwargs)

    with torch.random.fork_rng(devices=[]), Unfilled():
        yield


def load_into(
    module: nn.Module, tensors: Mapping[str, Tensor], rename: Callable[[str], str | None] | None = None, what: str = "",
    *, device: str = "cpu", dtype: Any = None,
) -> None:  # fmt: skip
    """Fills the module and moves it to ``device``, floating point as ``dtype`` (None: as it was saved). rename: key of
    the file -> key of the module, None for one to be passed over. what: how errors call the weights (their path).

    Raises WeightsError where keys are missing or left over, or a shape is another. Parameters that are one (a tied
    head) need one key."""
    import torch

    given = _renamed(tensors, rename, what)
    names = _groups(module)
    _check(module, given, names, what)
    for group in names:
        values = [given.pop(name) for name in group if name in given]
        if any(not same(values[0], other) for other in values[1:]):
            raise WeightsError(f"{what}: {' and '.join(group)} differ, and are one in this model: another revision")
        value = values[0].to(device=device, dtype=dtype if values[0].is_floating_point() else None)
        filled = torch.nn.Parameter(value, requires_grad=False)
        for name in group:
            _put(module, name, filled)
    for name, value in given.items():  # buffers that were saved
        _put(module, name, value.to(device=device, dtype=dtype if value.is_floating_point() else None))
    module.to(device)  # buffers that are computed, not saved
    module.eval()


def same(one: Tensor, other: Tensor) -> bool:
    """Are they one tensor, or equal?"""
    import torch

    if one.shape != other.shape or one.dtype != other.dtype:
        return False
    return one.data_ptr() == other.data_ptr() or torch.equal(one, other)


def _renamed(tensors: Mapping[str, Tensor], rename: Callable[[str], str | None] | None, what: str) -> dict[str, Tensor]:
    given: dict[str, Tensor] = {}
    for key, value in tensors.items():
        name = key if rename is None else rename(key)
        if name is None:
            continue
        if name in given:
            raise WeightsError(f"{what}: two tensors for {name}, one of them {key}")
        given[name] = value
    return given


def _groups(module: nn.Module) -> list[list[str]]:
    """The names of the parameters; those that are one parameter together."""
    found: dict[int, list[str]] = {}
    for name, value in module.named_parameters(remove_duplicate=False):
        found.setdefault(id(value), []).append(name)
    return list(found.values())


def _check(module: nn.Module, given: Mapping[str, Tensor], groups: Sequence[Sequence[str]], what: str) -> None:
    wanted = module.state_dict(keep_vars=True)
    persistent = {name for name in dict(module.named_buffers(remove_duplicate=False)) if name in wanted}
    absent = [group[0] for group in groups if not any(name in given for name in group)]
    absent += [name for name in persistent if name not in given]
    surplus = [name for name in given if name not in wanted]
    other = [n for n in given if n in wanted and tuple(given[n].shape) != tuple(wanted[n].shape)]
    if other:
        name = other[0]
        raise WeightsError(
            f"{what}: {name} is {tuple(given[name].shape)}, wanted {tuple(wanted[name].shape)}: these are weights of "
            f"another model or revision ({len(other)} of {len(wanted)} tensors differ)"
        )
    if absent or surplus:
        parts = [f"{len(k)} {w} ({_some(k)})" for k, w in ((absent, "missing"), (surplus, "unknown")) if k]
        raise WeightsError(f"{what}: of {len(wanted)} tensors {' and '.join(parts)}: another model or revision")


def _some(keys: Sequence[str]) -> str:
    return ", ".join(sorted(keys)[:_NAMED]) + (", …" if len(keys) > _NAMED else "")


def _put(module: nn.Module, name: str, value: Any) -> None:
    path, _, last = name.rpartition(".")
    owner = module.get_submodule(path)
    if last in owner._parameters:
        owner._parameters[last] = value
    else:
        owner._buffers[last] = value
