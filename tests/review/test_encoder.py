"""The encoder in NumPy: word pieces, what it keeps, and that it computes what a plain loop computes."""

from __future__ import annotations

from math import erf, exp, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiir_lab.review.encoder import HEADS, LONGEST, Encoder, WordPieces, write

PIECES = (
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    *"abcde",
    *(f"##{sign}" for sign in "abcde"),
    "bad",
    "##ed",
    ".",
)
WIDTH, INNER, LAYERS = 24, 48, 2


def network(seed: int = 0) -> dict[str, Any]:
    chance = np.random.default_rng(seed)

    def some(*shape: int) -> Any:
        return chance.normal(0, 0.3, shape).astype(np.float32)

    table = {"word": some(len(PIECES), WIDTH), "position": some(LONGEST, WIDTH), "kind": some(2, WIDTH)}
    table |= {"norm/weight": 1 + some(WIDTH), "norm/bias": some(WIDTH)}
    for layer in range(LAYERS):
        for name in ("query", "key", "value", "attended", "up", "down"):
            rows = INNER if name == "up" else WIDTH
            table[f"layer/{layer}/{name}/weight"] = some(rows, INNER if name == "down" else WIDTH)
            table[f"layer/{layer}/{name}/bias"] = some(rows)
        for name in ("norm_attention", "norm_output"):
            table[f"layer/{layer}/{name}/weight"] = 1 + some(WIDTH)
            table[f"layer/{layer}/{name}/bias"] = some(WIDTH)
    return table | {"head/links/weight": some(3, WIDTH), "head/links/bias": some(3)}


@pytest.fixture
def encoder(tmp_path: Path) -> Encoder:
    write(tmp_path / "small.npz", PIECES, network(), trained_on="nothing")
    return Encoder.read(tmp_path / "small.npz")


def by_hand(table: dict[str, Any], numbers: list[int], second: int) -> list[float]:
    """BERT as the paper tells it, one number after the other."""

    def dense(name: str, values: list[float]) -> list[float]:
        weight, bias = table[f"{name}/weight"], table[f"{name}/bias"]
        return [
            sum(w * v for w, v in zip(row, values, strict=True)) + b
            for row, b in zip(weight, bias, strict=True)
        ]

    def level(name: str, values: list[float]) -> list[float]:
        mean = sum(values) / len(values)
        spread = sqrt(sum((v - mean) ** 2 for v in values) / len(values))
        pairs = zip(values, table[f"{name}/weight"], table[f"{name}/bias"], strict=True)
        return [(v - mean) / spread * w + b for v, w, b in pairs]

    def shares(values: list[float]) -> list[float]:
        raised = [exp(v) for v in values]
        return [v / sum(raised) for v in raised]

    def added(*many: Any) -> list[float]:
        return [float(sum(values)) for values in zip(*many, strict=True)]

    state = [
        level("norm", added(table["word"][number], table["position"][at], table["kind"][int(at >= second)]))
        for at, number in enumerate(numbers)
    ]
    size = WIDTH // HEADS
    for layer in range(LAYERS):
        name = f"layer/{layer}"
        query, key, value = (
            [dense(f"{name}/{part}", row) for row in state] for part in ("query", "key", "value")
        )
        after = []
        for at, row in enumerate(state):
            seen: list[float] = []
            for head in range(HEADS):
                own = slice(head * size, (head + 1) * size)
                looks = shares(
                    [
                        sum(q * k for q, k in zip(query[at][own], other[own], strict=True)) / sqrt(size)
                        for other in key
                    ]
                )
                seen += added(
                    *([look * v for v in other[own]] for look, other in zip(looks, value, strict=True))
                )
            row = level(f"{name}/norm_attention", added(row, dense(f"{name}/attended", seen)))
            up = [v * 0.5 * (1 + erf(v / sqrt(2))) for v in dense(f"{name}/up", row)]
            after.append(level(f"{name}/norm_output", added(row, dense(f"{name}/down", up))))
        state = after
    pooled = [sum(column) / len(state) for column in zip(*state, strict=True)]
    return shares(dense("head/links", pooled))


def test_it_computes_what_the_paper_tells(encoder: Encoder) -> None:
    whole = {
        name: encoder.table[name] * encoder.table[f"{name}/scale"][:, None]
        if f"{name}/scale" in encoder.table
        else encoder.table[name]
        for name in network()
    }
    numbers, second = encoder.pieces.pair("bad abc.", "decade")
    [found] = encoder.probabilities("bad abc.", "decade", ["links"])
    assert found == pytest.approx(by_hand(whole, numbers, second), abs=1e-5)


def test_eight_bits_are_enough(encoder: Encoder) -> None:
    numbers, second = encoder.pieces.pair("bad abc.", "decade")
    [found] = encoder.probabilities("bad abc.", "decade", ["links"])
    assert found == pytest.approx(by_hand(network(), numbers, second), abs=0.02)


def test_the_second_text_is_told_from_the_first(encoder: Encoder) -> None:
    assert encoder.probabilities("bad", "abc", ["links"]) != encoder.probabilities("abc", "bad", ["links"])


def test_what_is_kept_is_read_again(encoder: Encoder) -> None:
    assert encoder.trained_on == "nothing"
    assert encoder.pieces.pieces == PIECES
    assert encoder.layers == LAYERS
    assert encoder.table["word"].dtype == np.int8


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("bad", ["bad"]),
        ("BADED", ["bad", "##ed"]),
        ("Bád", ["bad"]),
        ("a.b", ["a", ".", "b"]),
        ("xyz abc", ["[UNK]", "a", "##b", "##c"]),
        ("a\x00b", ["a", "##b"]),
        ("", []),
        ("a" * 41, ["[UNK]"]),
    ],
)
def test_words_are_cut_as_uncased_bert_does(text: str, pieces: list[str]) -> None:
    assert [PIECES[number] for number in WordPieces(PIECES).numbers(text)] == pieces


def test_a_long_first_text_keeps_its_beginning_and_its_end() -> None:
    cut = WordPieces(PIECES)
    numbers, second = cut.pair("a " * 100 + "b " * 400 + "c " * 100, "d e")
    assert len(numbers) == LONGEST
    assert numbers[1] == PIECES.index("a")
    assert numbers[second - 2] == PIECES.index("c")
    assert [PIECES[number] for number in numbers[second:]] == ["d", "e", "[SEP]"]


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_texts_fit(first: str, second: str) -> None:
    numbers, begins = WordPieces(PIECES).pair(first, second)
    assert len(numbers) <= LONGEST
    assert numbers[begins - 1] == numbers[-1] == PIECES.index("[SEP]")
