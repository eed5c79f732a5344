"""Products of a few rows with a fixed matrix, by onnxruntime.

Contract. ``Product(matrix, exact=...)`` is called with float32 (n, in) and gives float32 (n, out), on the calling
thread. exact: float32 throughout. Else the matrix stays in int8 as the file holds it and the rows are rounded to 8 bits
with one scale for all of a call: a quarter of the memory and of the time, errors of about a hundredth.

Why not numpy: for less than some dozens of rows its BLAS spends most of the time on laying out the matrix anew at each
call; onnxruntime lays it out once (eight rows through IconLM's layers, one thread: 17 ms, here 8 exact and 3 in int8).
The model file that it wants is a matrix and one operation; ``_model`` writes it (onnx.proto names the fields).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["Matrix", "Product"]

Floats: TypeAlias = npt.NDArray[np.float32]
_FLOAT, _UINT8 = 1, 2  # TensorProto.DataType
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
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # else it writes a device id below ~/.cache and reports to its maker
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = False
        model = _model(matrix, exact or matrix.scale is None)
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def __call__(self, rows: Floats) -> Floats:
        out: Floats = self._session.run(None, {"x": rows})[0]
        return out


def _model(matrix: Matrix, exact: bool) -> bytes:
    """An ONNX model of one operation: y = x @ matrix.T."""
    out, inner = matrix.shape
    if exact:
        node = _node("MatMul", ["x", "w"], "")
        constants = [_tensor("w", np.ascontiguousarray(matrix.floats().T))]
    else:
        # unsigned, with 128 for nought: signed ones overflow in the kernels of processors without VNNI
        values = np.ascontiguousarray((matrix.values.T.view(np.uint8) + np.uint8(_ZERO)).astype(np.uint8))
        node = _node("DynamicQuantizeMatMul", ["x", "w", "s", "z"], "com.microsoft")
        assert matrix.scale is not None
        constants = [
            _tensor("w", values), _tensor("s", matrix.scale), _tensor("z", np.full(out, _ZERO, np.uint8)),
        ]  # fmt: skip
    graph = [
        _part(1, node), _part(2, b"g"), *(_part(5, c) for c in constants),
        _part(11, _value("x", inner)), _part(12, _value("y", out)),
    ]  # fmt: skip
    opsets = [_part(8, _number(2, 17)), _part(8, _part(1, b"com.microsoft") + _number(2, 1))]
    return b"".join([_number(1, 8), _part(7, b"".join(graph)), *opsets])


def _node(operation: str, inputs: list[str], domain: str) -> bytes:
    named = b"".join(_part(1, name.encode()) for name in inputs)
    return named + _part(2, b"y") + _part(4, operation.encode()) + _part(7, domain.encode())


def _tensor(name: str, array: npt.NDArray[Any]) -> bytes:
    kind = _UINT8 if array.dtype == np.uint8 else _FLOAT
    dims = b"".join(_number(1, n) for n in array.shape)
    return dims + _number(2, kind) + _part(8, name.encode()) + _part(9, array.tobytes())


def _value(name: str, width: int) -> bytes:
    """float32 (any, width)."""
    shape = _part(1, _part(2, b"n")) + _part(1, _number(1, width))
    return _part(1, name.encode()) + _part(2, _part(1, _number(1, _FLOAT) + _part(2, shape)))


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
