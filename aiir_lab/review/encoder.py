"""A small transformer encoder in NumPy: reads two texts beside each other, gives probabilities of labels.

It computes what BERT computes (Devlin et al. 2019, doi:10.18653/v1/N19-1423) on word pieces, without a
framework: 18 MB of weights in whole numbers and this module, where a runtime would need hundreds. What such
a network was trained on and what it is good for stands with those who use it
(:mod:`aiir_lab.review.whys.network`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

HEADS = 12
"""Attention heads of every layer; a head's width is that of the model over this."""
LONGEST = 160
"""Word pieces of a pair, with the three marks; more than that is cut."""
LONGEST_SECOND = 96
"""Word pieces of the second text; the first one gets what is left."""
_LONGEST_WORD = 40
_TINY = 1e-12


@dataclass(frozen=True)
class WordPieces:
    """Cuts text into the known pieces of words, as uncased BERT does.

    Parameters
    ----------
    pieces : tuple of str
        By number; pieces that go on a word open with ``##``.

    Examples
    --------
    >>> known = WordPieces(("[PAD]", "[UNK]", "[CLS]", "[SEP]", "log", "##ged", "out", "."))
    >>> known.numbers("Logged out."), known.numbers("Émile")
    ([4, 5, 6, 7], [1])
    """

    pieces: tuple[str, ...]

    @cached_property
    def _number(self) -> dict[str, int]:
        return {piece: number for number, piece in enumerate(self.pieces)}

    def numbers(self, text: str) -> list[int]:
        """The numbers of the pieces of a text; a word that no pieces make up is one unknown."""
        return [number for word in _words(text) for number in self._of_word(word)]

    def _of_word(self, word: str) -> list[int]:
        unknown = self._number["[UNK]"]
        if len(word) > _LONGEST_WORD:
            return [unknown]
        found, start = [], 0
        while start < len(word):
            for end in range(len(word), start, -1):
                piece = ("##" if start else "") + word[start:end]
                if piece in self._number:
                    found.append(self._number[piece])
                    start = end
                    break
            else:
                return [unknown]
        return found

    def pair(self, first: str, second: str) -> tuple[list[int], int]:
        """``[CLS] first [SEP] second [SEP]`` as numbers, and where the second text begins.

        Of a first text that is too long, its beginning and its end stay: the middle is left out.
        """
        opens, ends = self._number["[CLS]"], self._number["[SEP]"]
        after = self.numbers(second)[:LONGEST_SECOND]
        before = self.numbers(first)
        room = LONGEST - 3 - len(after)
        if len(before) > room:
            before = before[: room // 3] + before[len(before) - (room - room // 3) :]
        return [opens, *before, ends, *after, ends], len(before) + 2


def _words(text: str) -> list[str]:
    """Lower case without accents, cut at spaces, with every sign of punctuation a word of its own."""
    plain = unicodedata.normalize("NFD", text.lower())
    out = []
    for sign in plain:
        kind = unicodedata.category(sign)
        if kind == "Mn":
            continue
        if kind[0] == "C" and sign not in "\t\n\r":
            continue
        # ASCII signs such as $ and + count as punctuation, whatever Unicode says
        stands_alone = kind[0] == "P" or (sign.isascii() and kind[0] == "S") or "一" <= sign <= "鿿"
        out.append(f" {sign} " if stands_alone else sign)
    return "".join(out).split()


@dataclass(frozen=True)
class Encoder:
    """Word pieces, weights, and heads that tell labels apart.

    Parameters
    ----------
    pieces : WordPieces
        What texts are cut into.
    table : mapping of str to array
        Weights by name. A matrix in whole numbers has its scale per row beside it under ``name/scale``.
    trained_on : str
        A digest of the examples.
    """

    pieces: WordPieces
    table: Mapping[str, NDArray[Any]]
    trained_on: str

    @classmethod
    def read(cls, path: Path | Traversable) -> Encoder:
        """The encoder kept in an ``.npz`` file (written by :func:`write`)."""
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            table = {name: kept[name] for name in kept.files}
        pieces, trained_on = (bytes(table.pop(name)).decode() for name in ("pieces", "trained_on"))
        return cls(WordPieces(tuple(pieces.split("\n"))), table, trained_on)

    @cached_property
    def layers(self) -> int:
        """How many there are."""
        return 1 + max(int(name.split("/")[1]) for name in self.table if name.startswith("layer/"))

    @cached_property
    def _full(self) -> dict[str, Array]:
        # the table of words is large and little of it is asked for: its rows are scaled when they are
        named = (name for name in self.table if name != "word" and not name.endswith("/scale"))
        return {name: _whole(self.table, name) for name in named}

    def probabilities(self, first: str, second: str, heads: Sequence[str]) -> list[list[float]]:
        """For each head the probabilities of its labels, 0 to 1.

        Parameters
        ----------
        first, second : str
            What came before, and what is judged.
        heads : sequence of str
            Names of heads in the file.
        """
        pooled = self._pooled(*self.pieces.pair(first, second))
        get = self._full
        return [
            _shares(get[f"head/{head}/weight"] @ pooled + get[f"head/{head}/bias"]).tolist() for head in heads
        ]

    def _pooled(self, numbers: list[int], second: int) -> Array:
        """The mean over the pieces of the last layer: (width,)."""
        get = self._full
        words = self.table["word"][numbers].astype(np.float32) * self.table["word/scale"][numbers][:, None]
        kind = get["kind"][(np.arange(len(numbers)) >= second).astype(int)]
        state = _levelled(
            words + get["position"][: len(numbers)] + kind, get["norm/weight"], get["norm/bias"]
        )
        for layer in range(self.layers):
            state = self._layer(f"layer/{layer}", state)
        mean: Array = state.mean(axis=0)
        return mean

    def _layer(self, name: str, state: Array) -> Array:
        get = self._full

        def dense(part: str, values: Array) -> Array:
            product: Array = values @ get[f"{name}/{part}/weight"].T + get[f"{name}/{part}/bias"]
            return product

        def heads(part: str) -> Array:
            return dense(part, state).reshape(len(state), HEADS, -1).transpose(1, 0, 2)

        def level(part: str, values: Array) -> Array:
            return _levelled(values, get[f"{name}/{part}/weight"], get[f"{name}/{part}/bias"])

        query = heads("query")
        looks = _shares(query @ heads("key").transpose(0, 2, 1) / np.float32(np.sqrt(query.shape[-1])))
        seen = (looks @ heads("value")).transpose(1, 0, 2).reshape(state.shape)
        state = level("norm_attention", state + dense("attended", seen))
        return level("norm_output", state + dense("down", _gelu(dense("up", state))))


def _whole(table: Mapping[str, NDArray[Any]], name: str) -> Array:
    values = table[name].astype(np.float32)
    scale = table.get(f"{name}/scale")
    whole: Array = values if scale is None else values * scale[:, None]
    return whole


def _levelled(values: Array, weight: Array, bias: Array) -> Array:
    middle = values - values.mean(axis=-1, keepdims=True)
    level: Array = middle / np.sqrt((middle**2).mean(axis=-1, keepdims=True) + _TINY)
    return level * weight + bias


def _shares(values: Array) -> Array:
    raised = np.exp(values - values.max(axis=-1, keepdims=True))
    shares: Array = raised / raised.sum(axis=-1, keepdims=True)
    return shares


def _gelu(values: Array) -> Array:
    from scipy.special import erf

    gated: Array = values * 0.5 * (1 + erf(values * np.float32(np.sqrt(0.5))))
    return gated


def write(path: Path, pieces: Sequence[str], table: Mapping[str, NDArray[Any]], *, trained_on: str) -> None:
    """Keep an encoder: every matrix as whole numbers of 8 bits with a scale per row.

    Parameters
    ----------
    path : Path
        The ``.npz`` file.
    pieces : sequence of str
        By number.
    table : mapping of str to array
        Weights by name, as in :class:`Encoder`, in full.
    trained_on : str
        A digest of the examples.
    """
    texts = {"pieces": "\n".join(pieces), "trained_on": trained_on}
    kept: dict[str, NDArray[Any]] = {
        name: np.frombuffer(text.encode(), np.uint8) for name, text in texts.items()
    }
    for name, values in table.items():
        if values.ndim == 2 and not name.startswith("head/"):
            scale = np.maximum(np.abs(values).max(axis=1), _TINY) / 127
            kept[name] = np.round(values / scale[:, None]).astype(np.int8)
            kept[f"{name}/scale"] = scale.astype(np.float32)
        else:
            kept[name] = values.astype(np.float32)
    np.savez(path, **cast(dict[str, Any], kept))
