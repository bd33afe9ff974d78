"""Fine-tunes all-MiniLM-L6-v2 on the pairs; saves as it goes."""

import argparse
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

from index.encoders import minilm_folder
from index.training.pairs import Pair, Source, read_sources

DIMENSIONS = [384, 256, 128]
TRAINED_PIECES = 64  # word pieces of a text in training; few texts are longer
WARM_UP = 0.1
LOG_EVERY = 20  # steps
SAVE_EVERY = 100
CHUNK = 64  # texts of one forward pass

Batch = tuple[str, list[Pair]]  # of one source


def batches(pairs: list[Pair], size: int) -> Iterator[list[Pair]]:
    """Full batches in which no key comes twice; pairs that fit none are left for another epoch."""
    while len(pairs) >= size:
        batch: list[Pair] = []
        rest: list[Pair] = []
        keys: set[str] = set()
        for pair in pairs:
            if len(batch) == size or pair.keys & keys:
                rest.append(pair)
            else:
                batch.append(pair)
                keys |= pair.keys
        if len(batch) < size:
            return
        yield batch
        pairs = rest


def epoch(sources: dict[str, Source], size: int, rng: random.Random) -> list[Batch]:
    """An epoch's batches in random order."""
    made: list[Batch] = []
    for name, make in sources.items():
        pairs = list(make(rng))
        rng.shuffle(pairs)
        made += [(name, batch) for batch in batches(pairs, size)]
    rng.shuffle(made)
    return made


def columns(batch: list[Pair], negatives: bool) -> list[list[str]]:
    """Queries, passages and, where all have one, negatives."""
    out = [[pair.query for pair in batch], [pair.passage for pair in batch]]
    return [*out, [pair.negative for pair in batch]] if negatives and all(pair.negative for pair in batch) else out


def freeze(model: SentenceTransformer, layers: int) -> None:
    """Keeps the word vectors as they are, so that words never seen here keep their place, and the lowest layers."""
    bert: Any = model[0].auto_model
    for part in (bert.embeddings, *bert.encoder.layer[:layers]):
        part.requires_grad_(False)


def embed(model: SentenceTransformer, texts: list[list[str]], chunk: int) -> list[torch.Tensor]:
    """Embeds all columns at once in chunks of like length, which halves the padding."""
    flat = [text for column in texts for text in column]
    order = sorted(range(len(flat)), key=lambda place: len(flat[place]))
    parts = (
        model(model.preprocess([flat[place] for place in order[start : start + chunk]]))["sentence_embedding"]
        for start in range(0, len(flat), chunk)
    )
    back = torch.tensor(order).argsort()
    return list(torch.split(torch.cat(list(parts)).float()[back], len(texts[0])))


def ranking_loss(loss: MultipleNegativesRankingLoss, columns: list[torch.Tensor]) -> torch.Tensor:
    """Multiple-negatives ranking at every dimension (Kusupati et al. 2022), so that the first ones do on their own."""
    unused = torch.empty(0)  # the loss takes labels, and has no need of them
    losses = [
        loss.compute_loss_from_embeddings([column[:, :dimension] for column in columns], unused)
        for dimension in DIMENSIONS
    ]
    return torch.stack(losses).mean()


def train(model: SentenceTransformer, args: argparse.Namespace) -> None:
    """AdamW with linear warm-up and decay."""
    rng = random.Random(args.seed)
    sources = read_sources(args.data, args.without)
    made = [batch for _ in range(args.epochs) for batch in epoch(sources, args.batch, rng)]
    limit, model.max_seq_length = model.max_seq_length, TRAINED_PIECES
    loss = MultipleNegativesRankingLoss(model, scale=args.scale)
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=args.lr, weight_decay=0.01)
    warm = max(1, int(len(made) * WARM_UP))
    decay = lambda step: min((step + 1) / warm, (len(made) - step) / (len(made) - warm))  # noqa: E731
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, decay)
    losses: dict[str, list[float]] = {}
    began = time.monotonic()
    model.train()
    for step, (name, batch) in enumerate(made, 1):
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=args.bf16):
            embedded = embed(model, columns(batch, not args.easy), CHUNK)
        value = ranking_loss(loss, embedded)
        torch.autograd.backward(value)
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        losses.setdefault(name, []).append(value.item())
        if step % LOG_EVERY == 0 or step == len(made):
            means = {key: round(sum(values) / len(values), 2) for key, values in losses.items()}
            print(f"{time.monotonic() - began:.0f}s step {step}/{len(made)} {means}", flush=True)
            losses = {}
        if step % SAVE_EVERY == 0 or step == len(made):
            model.max_seq_length = limit
            model.save(str(args.out / ("trained" if step == len(made) else f"step-{step}")))
            model.max_seq_length = TRAINED_PIECES


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with onet/, esco/, tts_positions/, ddat/")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--lr", type=float, default=3e-5)
    parser.add_argument("--scale", type=float, default=20.0, help="inverse temperature")
    parser.add_argument("--frozen", type=int, default=0, help="layers that are kept as they are")
    parser.add_argument("--easy", action="store_true", help="without hard negatives")
    parser.add_argument("--without", nargs="*", default=[], help="sources to leave out")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--bf16", action="store_true", help="twice as fast where the processor has it")
    parser.add_argument("--seed", type=int, default=20260101)
    args = parser.parse_args()
    random.seed(args.seed)
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    model = SentenceTransformer(str(minilm_folder()), local_files_only=True)
    freeze(model, args.frozen)
    train(model, args)


if __name__ == "__main__":
    main()
