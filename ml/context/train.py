"""Fine-tune the encoder: `python -m ml.context.train --data DIR --base DIR --out DIR`.

DIR of `--base` holds all-MiniLM-L6-v2 as Hugging Face stores it: `model.safetensors`, `config.json`
and `vocab.txt`. Needs the libraries of `ml/context/requirements-train.txt`. The learning rate
falls with the time that is left of `--minutes`, so that a slow machine gets a finished encoder,
too, of fewer rows. What was learned so far is saved every ten minutes, as `checkpoint.pt`.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import AutoModel

from ml import dataset
from ml.context.mix import Mix, fitting_rows
from ml.context.pieces import Pieces
from ml.context.reading import sentence

BATCH, ROUND_ROWS = 64, 30_000
# Batches have rows of like length: so many batches are sorted at once.
SORTED_BATCHES = 50
LEARNING_RATE, HEAD_LEARNING_RATE, WEIGHT_DECAY = 1.5e-4, 1e-3, 0.01
WARM_UP_STEPS, MAX_GRADIENT = 60, 1.0
# The word vectors and the lowest layers stay as they are: it saves a third of the time.
FROZEN_LAYERS = 2
SAVE_SECONDS = 600


class TrainableEncoder(nn.Module):
    """The base model and a linear layer on the mean of its token vectors: a logit per category."""

    def __init__(self, base: Path, categories: int) -> None:
        super().__init__()
        self.body: Any = AutoModel.from_pretrained(base, attn_implementation="eager")
        self.head = nn.Linear(self.body.config.hidden_size, categories)
        self.body.embeddings.requires_grad_(False)
        for layer in self.body.encoder.layer[:FROZEN_LAYERS]:
            layer.requires_grad_(False)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Return logits, of shape (rows, categories), for padded token ids."""
        vectors = self.body(
            input_ids=input_ids, attention_mask=attention_mask, return_dict=True
        ).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(vectors.dtype)
        pooled = (vectors * mask).sum(1) / mask.sum(1)
        logits: Tensor = self.head(pooled)
        return logits


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and save; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m ml.context.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    categories = list(dataset.COLUMNS)
    rows = fitting_rows(options.data)
    mix = Mix(rows, categories, seed=options.seed)
    pieces = Pieces(options.base / "vocab.txt")
    encoder = TrainableEncoder(options.base, len(categories))
    options.out.mkdir(parents=True, exist_ok=True)
    drawn = fit(encoder, pieces, mix, options.out, minutes=options.minutes)
    facts = {
        "categories": categories,
        "rows": len(rows),
        "rows_drawn": drawn,
        "mix": mix.shares(ROUND_ROWS),
        "minutes": options.minutes,
    }
    (options.out / "training.json").write_text(json.dumps(facts, indent=2) + "\n")
    return 0


def fit(encoder: TrainableEncoder, pieces: Pieces, mix: Mix, out: Path, *, minutes: float) -> int:
    """Train for so many minutes, saving checkpoints; return how many rows were drawn."""
    optimizer = torch.optim.AdamW(
        [
            {"params": list(_trainable(encoder.body)), "rate": LEARNING_RATE},
            {"params": list(encoder.head.parameters()), "rate": HEAD_LEARNING_RATE},
        ],
        weight_decay=WEIGHT_DECAY,
        fused=True,
    )
    start = saved_at = time.monotonic()
    drawn = 0
    losses: list[float] = []
    encoder.train()
    for step, (ids, mask, which) in enumerate(_batches(pieces, mix), start=1):
        now = time.monotonic()
        left = 1 - (now - start) / (60 * minutes)
        if left <= 0:
            break
        for group in optimizer.param_groups:
            group["lr"] = group["rate"] * left * min(1, step / WARM_UP_STEPS)
        labels = torch.from_numpy(mix.labels[which])
        weights = torch.from_numpy(mix.weights[which])
        losses.append(_step(encoder, optimizer, (ids, mask), labels, weights))
        drawn += len(which)
        if step % 100 == 0:
            print(f"{now - start:.0f} s: {drawn} rows, loss {np.mean(losses):.4f}", flush=True)
            losses = []
        if now - saved_at > SAVE_SECONDS:
            _save(encoder, out)
            saved_at = now
    _save(encoder, out)
    return drawn


def _step(
    encoder: TrainableEncoder,
    optimizer: torch.optim.Optimizer,
    inputs: tuple[Tensor, Tensor],
    labels: Tensor,
    weights: Tensor,
) -> float:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = encoder(*inputs)
    # A label that nobody gave counts nothing, whatever stands in its place.
    losses = nn.functional.binary_cross_entropy_with_logits(
        logits.float(), torch.nan_to_num(labels), weight=weights, reduction="sum"
    )
    loss = losses / len(labels)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(_trainable(encoder), MAX_GRADIENT)
    optimizer.step()
    return float(loss.detach())


def _batches(pieces: Pieces, mix: Mix) -> Iterator[tuple[Tensor, Tensor, NDArray[np.int64]]]:
    """Yield token ids, masks and the indexes of their rows, without end."""
    for which in mix.rounds(ROUND_ROWS):
        for start in range(0, len(which), BATCH * SORTED_BATCHES):
            some = which[start : start + BATCH * SORTED_BATCHES]
            encoded = [pieces.ids(sentence(mix.rows[index].record)) for index in some]
            order = np.argsort([len(ids) for ids in encoded], kind="stable")
            batches = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
            for number in torch.randperm(len(batches)).tolist():
                batch = batches[number]
                yield *padded([encoded[at] for at in batch]), some[batch]


def padded(encoded: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Return token ids and mask, of shape (rows, longest row)."""
    longest = max(map(len, encoded))
    ids = torch.zeros((len(encoded), longest), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, of_row in enumerate(encoded):
        ids[row, : len(of_row)] = torch.tensor(of_row)
        mask[row, : len(of_row)] = 1
    return ids, mask


def _trainable(module: nn.Module) -> Iterator[nn.Parameter]:
    return (parameter for parameter in module.parameters() if parameter.requires_grad)


def _save(encoder: TrainableEncoder, out: Path) -> None:
    temporary = out / "checkpoint.part"
    torch.save(encoder.state_dict(), temporary)
    temporary.replace(out / "checkpoint.pt")


if __name__ == "__main__":
    sys.exit(main())
