"""Muon: momentum whose matrices are made orthogonal, for the inner weights of a net.

Contract. ``Muon(params)`` takes parameters of two or more dimensions (a convolution counts as outputs x everything
else) and gives each step the same size whatever the gradient's. It is for the inner weights of a net; the others (first
and last layers, norms, biases, positions, embeddings) are for AdamW. Steps are written after the
public description by Keller Jordan (2024); the polynomial's numbers are from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn

__all__ = ["Muon", "orthogonal"]

_QUINTIC = (3.4445, -4.7750, 2.0315)
"""a, b, c of X <- aX + (b A + c A A) X with A = X X^T: drives every singular value to about 1 in five rounds."""


def orthogonal(matrices: Tensor, rounds: int = 5) -> Tensor:
    """About U V^T of the singular value decomposition of each of (n, rows, columns); bfloat16 on a GPU."""
    a, b, c = _QUINTIC
    x = matrices.bfloat16() if matrices.is_cuda else matrices.float()
    tall = x.shape[1] > x.shape[2]
    if tall:
        x = x.transpose(1, 2)
    x = x / (x.flatten(1).norm(dim=1)[:, None, None] + 1e-7)
    for _ in range(rounds):
        gram = x @ x.transpose(1, 2)
        x = a * x + (b * gram + c * gram @ gram) @ x
    out: Tensor = x.transpose(1, 2) if tall else x
    return out.to(matrices.dtype)


class Muon(torch.optim.Optimizer):
    """lr: the root mean square of a step is about 0.2 lr whatever the matrix's shape, as it is with AdamW. Matrices of
    one shape are stepped together, in few large products instead of many small ones."""

    def __init__(
        self, params: Iterable[nn.Parameter], lr: float = 0.01, momentum: float = 0.95, weight_decay: float = 0.0
    ) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        assert closure is None
        for group in self.param_groups:
            by_shape: dict[torch.Size, list[nn.Parameter]] = {}
            for p in group["params"]:
                if p.grad is not None:
                    by_shape.setdefault(p.shape, []).append(p)
            for same in by_shape.values():
                self._update(same, group)

    def _update(self, same: list[nn.Parameter], group: dict[str, Any]) -> None:
        grads = [p.grad for p in same if p.grad is not None]
        values: list[Tensor] = [p.data for p in same]
        kept: list[Tensor] = []
        for p in same:
            if not self.state[p]:
                self.state[p]["momentum"] = torch.zeros_like(p)
            kept.append(self.state[p]["momentum"])
        torch._foreach_lerp_(kept, grads, 1 - group["momentum"])
        ahead = torch.stack(torch._foreach_lerp(grads, kept, group["momentum"])).flatten(2)
        changes = orthogonal(ahead) * (0.2 * max(ahead.shape[1:]) ** 0.5)
        if group["weight_decay"]:
            torch._foreach_mul_(values, 1 - group["lr"] * group["weight_decay"])
        torch._foreach_add_(values, list(changes.reshape(len(same), *same[0].shape)), alpha=-group["lr"])
