"""A checkpoint of an interrupted training, read back.

Contract. ``kept(path, device)`` gives the dict that was saved there, with at least ``plan``; ``WeightsError`` where the
file is cut short, altered or something else. Nothing in it is ever run (tensors and plain values only).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from svggen.errors import WeightsError

__all__ = ["kept"]


def kept(path: Path, device: torch.device | str) -> dict[str, Any]:
    """The state in the file, its tensors on the device."""
    try:
        state = torch.load(path, map_location=device, weights_only=True)
    except Exception as error:  # pickle, zip, struct and torch have an error each; torch's tell how to load it unsafely
        raise WeightsError(f"checkpoint {path} is damaged: remove it to begin anew") from error
    if not isinstance(state, dict) or "plan" not in state:
        raise WeightsError(f"{path} is no checkpoint of a training: remove it to begin anew")
    return state
