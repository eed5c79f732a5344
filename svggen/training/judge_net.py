"""The judge as a torch network: its layers, its folding into plain convolutions, its file.

Contract. ``JudgeNet(pictures)`` takes float (n, 3, 64, 64), RGB 0..1 of icons on white, and gives ``Looked``: a concept
vector of 256 and a style vector of 32, both of unit length, and 64 patch features of 160 that other models may read.
``project`` brings frozen text vectors of 384 into the concept space. Below 4 million parameters in all
(``count_parameters``). ``export`` writes one safetensors file, fp16, with batch norms folded into the convolutions and
the calibration in its header; ``load_net`` reads such a file back, so that the torch net and ``svggen.judge`` see the
same numbers. Needs numpy, torch and safetensors only.

    64 px  ink = 1 - rgb
    32 px  conv 3x3 /2, 48            16 px  conv 3x3 /2, 96, two residual blocks
     8 px  conv 3x3 /2, 160, three residual blocks: the patches
     4 px  conv 3x3 /2, 256, learned positions, two pre-norm transformer layers: the concept
    style  mean and deviation over space at 16, 8 and 4 px, through a small perceptron
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

__all__ = [
    "CONCEPT_DIMS",
    "PATCHES",
    "PATCH_DIMS",
    "SIDE",
    "STYLE_DIMS",
    "TEXT_DIMS",
    "VERSION",
    "JudgeNet",
    "Looked",
    "count_parameters",
    "export",
    "load_net",
]

VERSION = 1
"""Of the file's layout; ``svggen.judge`` reads this one alone."""
SIDE = 64
"""px of a picture's side."""
CONCEPT_DIMS, STYLE_DIMS, TEXT_DIMS = 256, 32, 384
PATCHES, PATCH_DIMS = 64, 160
WIDTHS = (48, 96, 160, 256)
"""Channels at 32, 16, 8 and 4 px."""
BLOCKS = (2, 3)
"""Residual blocks at 16 and 8 px."""
HEADS, LAYERS, MLP, STYLE_MLP = 4, 2, 768, 160


class Looked(NamedTuple):
    """concept (n, 256) and style (n, 32) of unit length; patches (n, 64, 160), rows top down."""

    concept: Tensor
    style: Tensor
    patches: Tensor


class Conv(nn.Module):
    """3x3 convolution and batch norm."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.norm(self.conv(x))
        return out

    def folded(self) -> tuple[Tensor, Tensor]:
        """(weight, bias) of the one convolution that does the same at run time."""
        assert self.norm.running_mean is not None and self.norm.running_var is not None
        gain = self.norm.weight / torch.sqrt(self.norm.running_var + self.norm.eps)
        return self.conv.weight * gain[:, None, None, None], self.norm.bias - self.norm.running_mean * gain

    def unfold(self, weight: Tensor, bias: Tensor) -> None:
        """Take a folded convolution: the batch norm only adds its bias from here on."""
        assert self.norm.running_mean is not None and self.norm.running_var is not None
        with torch.no_grad():
            self.conv.weight.copy_(weight)
            self.norm.weight.fill_(1.0)
            self.norm.bias.copy_(bias)
            self.norm.running_mean.zero_()
            self.norm.running_var.fill_(1.0 - self.norm.eps)


class Block(nn.Module):
    """Two convolutions and a way round them."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first, self.second = Conv(width, width), Conv(width, width)
        nn.init.zeros_(self.second.norm.weight)  # starts as the identity

    def forward(self, x: Tensor) -> Tensor:
        return gelu(x + self.second(gelu(self.first(x))))


class Layer(nn.Module):
    """A pre-norm transformer layer."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, MLP), nn.Linear(MLP, width)

    def forward(self, x: Tensor) -> Tensor:
        n, t, width = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(n, t, 3, HEADS, width // HEADS).permute(2, 0, 3, 1, 4)
        x = x + self.out(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(n, t, width))
        return x + self.down(gelu(self.up(self.norm2(x))))  # type: ignore[no-any-return]


class JudgeNet(nn.Module):
    """See the head of this file. ``scale`` and ``bias`` (of the logits) are used in training alone."""

    def __init__(self) -> None:
        super().__init__()
        c32, c16, c8, c4 = WIDTHS
        self.stem1, self.stem2 = Conv(3, c32, 2), Conv(c32, c16, 2)
        self.blocks16 = nn.ModuleList(Block(c16) for _ in range(BLOCKS[0]))
        self.down8 = Conv(c16, c8, 2)
        self.blocks8 = nn.ModuleList(Block(c8) for _ in range(BLOCKS[1]))
        self.down4 = Conv(c8, c4, 2)
        self.positions = nn.Parameter(torch.randn(16, c4) * 0.02)
        self.layers = nn.ModuleList(Layer(c4) for _ in range(LAYERS))
        self.norm = nn.LayerNorm(2 * c4)
        self.concept = nn.Linear(2 * c4, CONCEPT_DIMS)
        stats = 2 * (c16 + c8 + c4)
        self.style_norm = nn.LayerNorm(stats)
        self.style1, self.style2 = nn.Linear(stats, STYLE_MLP), nn.Linear(STYLE_MLP, STYLE_DIMS)
        self.text_projection = nn.Linear(TEXT_DIMS, CONCEPT_DIMS)
        self.scale = nn.Parameter(torch.tensor(2.66))  # exp: 1 / 0.07, as CLIP starts
        self.bias = nn.Parameter(torch.tensor(0.0))

    def forward(self, pictures: Tensor) -> Looked:
        x = gelu(self.stem1(1.0 - pictures))
        x16 = gelu(self.stem2(x))
        for block in self.blocks16:
            x16 = block(x16)
        x8 = gelu(self.down8(x16))
        for block in self.blocks8:
            x8 = block(x8)
        x4 = gelu(self.down4(x8))
        x = x4.flatten(2).transpose(1, 2) + self.positions
        for layer in self.layers:
            x = layer(x)
        pooled = self.norm(torch.cat([x.mean(1), x.amax(1)], 1))
        stats = self.style_norm(torch.cat([*moments(x16), *moments(x8), *moments(x4)], 1))
        return Looked(
            unit(self.concept(pooled)),
            unit(self.style2(gelu(self.style1(stats)))),
            x8.flatten(2).transpose(1, 2),
        )

    def project(self, texts: Tensor) -> Tensor:
        """(n, 256) of unit length from frozen text vectors (n, 384)."""
        return unit(self.text_projection(texts))


def gelu(x: Tensor) -> Tensor:
    """The tanh form, which numpy computes as well as torch."""
    return F.gelu(x, approximate="tanh")


def unit(x: Tensor) -> Tensor:
    return F.normalize(x.float(), dim=-1)


def moments(x: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and deviation over space, (n, channels) each, in float32."""
    x = x.float().flatten(2)
    mean = x.mean(2)
    spread = (x - mean[:, :, None]).square().mean(2)
    return mean, torch.sqrt(spread + 1e-5)


def count_parameters(net: nn.Module) -> int:
    """Of all that is learned, the text projection included."""
    return sum(p.numel() for p in net.parameters())


def folded_state(net: JudgeNet) -> dict[str, Tensor]:
    """Every tensor of the run-time net by name: "stem1.weight", "stem1.bias", ... as float32 on the CPU."""
    out: dict[str, Tensor] = {}
    inside: set[str] = set()
    for name, module in net.named_modules():
        if isinstance(module, Conv):
            out[f"{name}.weight"], out[f"{name}.bias"] = module.folded()
            inside.add(f"{name}.")
    for name, value in net.named_parameters():
        if not any(name.startswith(prefix) for prefix in inside):
            out[name] = value
    return {name: value.detach().float().cpu().contiguous() for name, value in out.items()}


def export(net: JudgeNet, path: Path, facts: Mapping[str, Any]) -> None:
    """Write the run-time file: fp16 tensors; ``facts`` (calibration, recipe, numbers) as JSON in the header."""
    from safetensors.torch import save

    state = {name: value.half() for name, value in folded_state(net).items()}
    header = {"version": VERSION, "side": SIDE, "concept": CONCEPT_DIMS, "style": STYLE_DIMS, "text": TEXT_DIMS}
    data = save(state, {"judge": json.dumps({**header, **facts}, sort_keys=True)})
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(data)
    beside.replace(path)


def load_net(path: Path) -> JudgeNet:
    """The net of an exported file, float32 on the CPU, in evaluation mode."""
    from safetensors.torch import load_file

    state = load_file(path)
    net = JudgeNet().eval()
    for name, module in net.named_modules():
        if isinstance(module, Conv):
            module.unfold(state.pop(f"{name}.weight").float(), state.pop(f"{name}.bias").float())
    own = dict(net.named_parameters())
    with torch.no_grad():
        for name, value in state.items():
            own[name].copy_(value.float())
    return net
