"""Export a trained encoder to ONNX with weights of eight bits: `python -m ml.context.export`.

`--training DIR` is what `ml.context.train` wrote, `--base DIR` what it started from, `--out DIR`
gets `encoder.onnx` and `vocab.txt`. Needs the libraries of `ml/context/requirements-train.txt`.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from ml import dataset
from ml.context.encoder import MODEL_FILE, VOCABULARY_FILE
from ml.context.train import TrainableEncoder

OPSET = 17
# Smaller tables stay as they are: they are hardly any of the size.
LARGE = 100_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Export; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m ml.context.export", description=__doc__)
    parser.add_argument("--training", type=Path, required=True)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    encoder = TrainableEncoder(options.base, len(dataset.COLUMNS))
    state = torch.load(options.training / "checkpoint.pt", weights_only=True)
    encoder.load_state_dict(state)
    options.out.mkdir(parents=True, exist_ok=True)
    model = in_eight_bits(as_onnx(encoder))
    onnx.save(model, options.out / MODEL_FILE)
    shutil.copy(options.base / "vocab.txt", options.out / VOCABULARY_FILE)
    return 0


def as_onnx(encoder: TrainableEncoder) -> Any:
    """Return the encoder as an ONNX model that takes `ids` and `mask` and gives `logits`."""
    ids = torch.ones((2, 16), dtype=torch.long)
    mask = torch.ones_like(ids)
    mask[1, 10:] = 0
    both = {0: "rows", 1: "pieces"}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "encoder.onnx"
        torch.onnx.export(
            encoder.eval(),
            (ids, mask),
            str(path),
            input_names=["ids", "mask"],
            output_names=["logits"],
            dynamic_axes={"ids": both, "mask": both, "logits": {0: "rows"}},
            opset_version=OPSET,
            dynamo=False,
        )
        return onnx.load(path)


def in_eight_bits(model: Any) -> Any:
    """Return the model with its large tables as integers from -127 to 127, with a scale per line.

    Matrices become floats where the model is loaded, word vectors where they are looked up.
    """
    graph = model.graph
    tables = {table.name: table for table in graph.initializer if np.prod(table.dims) > LARGE}
    nodes, small = [], [t for t in graph.initializer if t.name not in tables]
    for node in graph.node:
        table = next((name for name in node.input if name in tables), None)
        if table is None:
            nodes.append(node)
            continue
        values = numpy_helper.to_array(tables.pop(table))
        axis = 1 if node.op_type == "Gather" else 0
        integers, scale = _rounded(values, axis=axis)
        small.append(numpy_helper.from_array(integers, f"{table}_integers"))
        if node.op_type == "Gather":
            small.append(numpy_helper.from_array(scale[:, None], f"{table}_scale"))
            nodes += _looked_up(node, table)
        else:
            small.append(numpy_helper.from_array(scale, f"{table}_scale"))
            names = [f"{table}_integers", f"{table}_scale"]
            nodes.append(helper.make_node("DequantizeLinear", names, [table], axis=1))
            nodes.append(node)
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(small)
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return model


def _looked_up(node: Any, table: str) -> Iterator[Any]:
    """Yield nodes that look up integers and their scale, and multiply."""
    out, which = node.output[0], node.input[1]
    for part in ("integers", "scale"):
        yield helper.make_node("Gather", [f"{table}_{part}", which], [f"{out}_{part}"])
    yield helper.make_node("Cast", [f"{out}_integers"], [f"{out}_floats"], to=TensorProto.FLOAT)
    yield helper.make_node("Mul", [f"{out}_floats", f"{out}_scale"], [out])


def _rounded(
    values: NDArray[np.float32], *, axis: int
) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    scale = np.maximum(np.abs(values).max(axis=axis, keepdims=True), 1e-12) / 127
    return np.rint(values / scale).astype(np.int8), scale.ravel().astype(np.float32)


if __name__ == "__main__":
    sys.exit(main())
