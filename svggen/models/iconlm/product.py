"""Products of a few rows with a fixed matrix, by onnxruntime.

Contract. ``Product(matrix, exact=...)`` is called with float32 (n, in) and gives float32 (n, out), on the calling
thread. exact: float32 throughout. Else the matrix stays in int8 as the file holds it and the rows are rounded to 8 bits
with one scale for all of a call: a quarter of the memory and of the time, errors of about a hundredth.

``product(rows, groups)`` multiplies the rows of several calls at once, ``groups`` rows each, and gives to the last bit
what these calls would give: each group is rounded with its own scale, and the sums of the integers are exact whatever
stands beside them. Whether this processor's kernels agree on that is tried once; where not, or where the arithmetic is
exact, the groups are multiplied one after the other.

Why not numpy: for less than some dozens of rows its BLAS spends most of the time on laying out the matrix anew at each
call; onnxruntime lays it out once (eight rows through IconLM's layers, one thread: 17 ms, here 8 exact and 3 in int8).
The model file that it wants is a matrix and one operation; ``_model`` writes it (onnx.proto names the fields).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["Matrix", "Product"]

Floats: TypeAlias = npt.NDArray[np.float32]
_FLOAT, _UINT8, _INT32 = 1, 2, 6  # TensorProto.DataType
_ZERO = 128


@dataclass(frozen=True)
class Matrix:
    """values (out, in), int8 or float32; scale float32 (out,): by what a row of int8 values is multiplied, else
    None."""

    values: npt.NDArray[Any]
    scale: Floats | None = None

    @property
    def shape(self) -> tuple[int, int]:
        return (self.values.shape[0], self.values.shape[1])

    def floats(self) -> Floats:
        """float32 (out, in)."""
        if self.scale is None:
            return self.values.astype(np.float32, copy=False)
        out: Floats = np.multiply(self.values, self.scale[:, None], dtype=np.float32)
        return out


class Product:
    """See the head of this file. Safe under threads."""

    def __init__(self, matrix: Matrix, *, exact: bool = False) -> None:
        self._matrix = matrix
        self._exact = exact or matrix.scale is None
        self._session = _session(_model(matrix, self._exact))
        self._many: _Grouped | None = None
        self._agrees: bool | None = None

    def __call__(self, rows: Floats, groups: Sequence[int] = ()) -> Floats:
        if len(groups) > 1:
            if not self._exact and self._tried():
                assert self._many is not None
                return self._many(rows, groups)
            parts = np.split(rows, np.cumsum(groups)[:-1])
            return np.concatenate([self(part) for part in parts])
        out: Floats = self._session.run(None, {"x": rows})[0]
        return out

    def _tried(self) -> bool:
        """Do both ways give the same?"""
        if self._agrees is None:
            many = _Grouped(self._matrix)
            rows = np.random.default_rng(0).normal(0, 2, (5, self._matrix.shape[1])).astype(np.float32)
            rows[2:] *= 3
            apart = np.concatenate([self(rows[:2]), self(rows[2:])])
            self._many, self._agrees = many, bool(np.array_equal(many(rows, (2, 3)), apart))
        return self._agrees


class _Grouped:
    """The product of groups of rows with a matrix of int8, each group rounded as a call of its own would be
    (DynamicQuantizeLinear of ONNX): the scale is a 255th of the range of its values and of nought."""

    def __init__(self, matrix: Matrix) -> None:
        assert matrix.scale is not None
        self._scale = matrix.scale
        self._sums = matrix.values.sum(1, dtype=np.int32)  # of each column, for the zero point of the rows
        self._session = _session(_integer_model(matrix))

    def __call__(self, rows: Floats, groups: Sequence[int]) -> Floats:
        starts = np.concatenate([[0], np.cumsum(groups)[:-1]])
        low = np.minimum(np.minimum.reduceat(rows.min(1), starts), np.float32(0))
        high = np.maximum(np.maximum.reduceat(rows.max(1), starts), np.float32(0))
        scale = (high - low) / np.float32(255)
        scale[scale == 0] = 1
        zero = np.rint(np.clip(-low / scale, 0, 255)).astype(np.float32)
        scale, zero = np.repeat(scale, groups)[:, None], np.repeat(zero, groups)[:, None]
        rounded = np.divide(rows, scale)
        np.rint(rounded, out=rounded)
        rounded += zero
        np.clip(rounded, 0, 255, out=rounded)
        found = self._session.run(None, {"x": rounded.astype(np.uint8)})[0]
        found -= zero.astype(np.int32) * self._sums
        out: Floats = found.astype(np.float32)
        out *= scale * self._scale
        return out


def _session(model: bytes) -> Any:
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # else it writes a device id below ~/.cache and reports to its maker
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _model(matrix: Matrix, exact: bool) -> bytes:
    """An ONNX model of one operation: y = x @ matrix.T."""
    out, inner = matrix.shape
    if exact:
        node = _node("MatMul", ["x", "w"], "")
        constants = [_tensor("w", np.ascontiguousarray(matrix.floats().T))]
    else:
        node = _node("DynamicQuantizeMatMul", ["x", "w", "s", "z"], "com.microsoft")
        assert matrix.scale is not None
        constants = [
            _tensor("w", _unsigned(matrix)), _tensor("s", matrix.scale), _tensor("z", np.full(out, _ZERO, np.uint8)),
        ]  # fmt: skip
    return _written(node, constants, _value("x", inner, _FLOAT), _value("y", out, _FLOAT))


def _integer_model(matrix: Matrix) -> bytes:
    """y = x @ matrix.T, x in 8 bits without a zero point, y in int32: sums, not yet scaled."""
    out, inner = matrix.shape
    nought, zero = np.zeros((), np.uint8), np.full((), _ZERO, np.uint8)
    constants = [_tensor("w", _unsigned(matrix)), _tensor("n", nought), _tensor("z", zero)]
    node = _node("MatMulInteger", ["x", "w", "n", "z"], "")
    return _written(node, constants, _value("x", inner, _UINT8), _value("y", out, _INT32))


def _unsigned(matrix: Matrix) -> npt.NDArray[Any]:
    """With 128 for nought: signed values overflow in the kernels of processors without VNNI."""
    return np.ascontiguousarray((matrix.values.T.view(np.uint8) + np.uint8(_ZERO)).astype(np.uint8))


def _written(node: bytes, constants: list[bytes], given: bytes, result: bytes) -> bytes:
    graph = [_part(1, node), _part(2, b"g"), *(_part(5, c) for c in constants), _part(11, given), _part(12, result)]
    opsets = [_part(8, _number(2, 17)), _part(8, _part(1, b"com.microsoft") + _number(2, 1))]
    return b"".join([_number(1, 8), _part(7, b"".join(graph)), *opsets])


def _node(operation: str, inputs: list[str], domain: str) -> bytes:
    named = b"".join(_part(1, name.encode()) for name in inputs)
    return named + _part(2, b"y") + _part(4, operation.encode()) + _part(7, domain.encode())


def _tensor(name: str, array: npt.NDArray[Any]) -> bytes:
    kind = _UINT8 if array.dtype == np.uint8 else _FLOAT
    dims = b"".join(_number(1, n) for n in array.shape)
    return dims + _number(2, kind) + _part(8, name.encode()) + _part(9, array.tobytes())


def _value(name: str, width: int, kind: int) -> bytes:
    """(any, width)."""
    shape = _part(1, _part(2, b"n")) + _part(1, _number(1, width))
    return _part(1, name.encode()) + _part(2, _part(1, _number(1, kind) + _part(2, shape)))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _part(field: int, data: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
