"""Join words into what they name: the second step of the light grammar.

Runs of nouns stand under their last word ("the reviewer dashboard" is a dashboard, "the dashboard
reviewer" a person); "two of the reviewers" and "nobody on the fraud team" become one item.
"""

from __future__ import annotations

from aiir_lab.review.language.parse import Parse, tag
from aiir_lab.review.language.words import sections

# Fixed phrases and the tags of the whole. "R" is a role only after a determiner ("the on call").
JOINED = {
    ("trust", "and", "safety"): "PT",
    ("trust", "&", "safety"): "PT",
    ("trust", "safety"): "PT",
    ("data", "platform"): "PT",
    ("data", "science"): "PT",
    ("data", "engineering"): "PT",
    ("customer", "service"): "PT",
    ("bank", "holiday"): "t",
    ("bank", "holidays"): "t",
    ("no", "one"): "PZz",
    ("human", "resources"): "PT",
    ("customer", "support"): "PT",
    ("customer", "success"): "PT",
    ("customer", "care"): "PT",
    ("on", "call"): "R",
    ("each", "other"): "d",
    ("not", "one", "of", "them"): "PZz",
    ("not", "one", "of", "us"): "PZz",
    ("none", "of", "them"): "PZz",
    ("none", "of", "us"): "PZz",
    ("one", "of", "them"): "PZ",
    ("some", "of", "them"): "PZ",
    ("those", "responsible"): "PR",
    ("those", "in", "charge"): "PR",
    ("people", "in", "charge"): "PR",
    ("root", "cause"): "C",
    ("root", "causes"): "C",
    ("because", "of"): "p",
    ("rather", "than"): "s",
    ("even", "though"): "s",
    ("so", "that"): "s",
    ("as", "usual"): "x",
    ("at", "all"): "x",
    ("of", "course"): "x",
    ("once", "again"): "x",
    ("yet", "again"): "x",
    ("once", "more"): "x",
    ("as", "well"): "x",
    ("at", "least"): "x",
    ("a", "bit"): "x",
    ("of", "shift"): "t",
}
_JOINED_FIRST = frozenset(words[0] for words in JOINED)
_NOUNS = frozenset("RTNSvAU")


def parse(sentence: str) -> Parse:
    """Items of a sentence."""
    return join(tag(sentence))


def join(items: Parse) -> Parse:
    """Join fixed phrases, noun runs, quantified heads and names into single items."""
    out = Parse()
    add_word, add_tags = out.words.append, out.tags.append
    add_start, add_end = out.starts.append, out.ends.append
    words, all_tags, starts, ends = items.words, items.tags, items.starts, items.ends
    i, n = 0, len(words)
    while i < n:
        word, tags = words[i], all_tags[i]
        width = 0
        if word in _JOINED_FIRST:
            width, tags = _phrase_at(items, i, out)
        if width == 0 and not _NOUNS.isdisjoint(all_tags[i]):
            width, tags = _noun_run(items, i, out)
        if width == 0:
            add_word(word)
            add_tags(all_tags[i])
            add_start(starts[i])
            add_end(ends[i])
            i += 1
            continue
        j = i + width - 1
        genitive = "g" in all_tags[j]
        if not genitive and j + 1 < n and words[j + 1] in "'’" and words[j].endswith("s"):
            genitive, width = True, width + 1
        add_word("_".join(words[i : j + 1]) if j > i else word)
        add_tags(tags + "g" if genitive and "g" not in tags else tags)
        add_start(starts[i])
        add_end(ends[j])
        i += width
    return _attach(out)


def _phrase_at(items: Parse, i: int, out: Parse) -> tuple[int, str]:
    for width in (4, 3, 2):
        if i + width > len(items):
            continue  # a slice past the end would match a shorter phrase
        tags = JOINED.get(tuple(items.words[i : i + width]))
        if tags is None:
            continue
        if tags == "R":
            if out.has(len(out) - 1, "d") and not out.has(len(out) - 1, "p"):
                return width, "PR"
            return 0, ""
        return width, tags
    return 0, ""


def _is_noun(items: Parse, i: int, out: Parse, *, inside: bool) -> bool:
    tags = items.tags[i]
    if _NOUNS.isdisjoint(tags):
        return False
    if inside:
        return True
    word = items.words[i]
    before = len(out) - 1
    if "U" in tags or "N" in tags or "Y" in tags:
        return True
    if "PT" in "".join(sorted(tags)) and word in sections()["soft_teams"]:
        # "Legal never answered" is a team; "the support for tags" and "it support" are not
        return (
            before < 0
            or out.word(before) in ",:;and"
            or out.has(before, "scp")
            or not out.has(before, "d123")
        )
    if word in {"on-call", "oncall", "moderator", "reviewer"} and i + 1 < len(items):
        following, letters = items.words[i + 1], items.tags[i + 1]  # "the on-call list" is a list
        if not letters and following.isalpha() and not following.endswith("s"):
            return False
    if word in sections()["need_determiner"]:
        return before >= 0 and (out.has(before, "dJg") or not out.tags[before] or out.has(before, "4S"))
    return True


def _noun_run(items: Parse, i: int, out: Parse) -> tuple[int, str]:
    """Width and tags of the run of nouns that begins at `i`; the last noun decides what it is."""
    if not _is_noun(items, i, out, inside=False):
        return 0, ""
    # after "did the reviewer" or a plural person a word that may be a verb is one
    inverted = (
        any(out.has(len(out) - k, "omB") for k in (1, 2, 3)) or "l" in items.tags[i] or "N" in items.tags[i]
    )
    width = 1
    while i + width < len(items) and width < 6:
        previous, j = i + width - 1, i + width
        if "g" in items.tags[previous]:
            break
        tags = items.tags[j]
        if "u" in items.tags[previous] and "U" not in tags and "N" not in tags:
            break  # "Great job": a first word is no name because of its capital
        if not _is_noun(items, j, out, inside=True) or "Y" in tags or "Y" in items.tags[previous]:
            break
        if any(c in tags for c in "1235") and (inverted or any(c in tags for c in "25")):
            break
        if "N" in items.tags[previous] and "N" not in tags and "U" not in tags and "T" not in tags:
            break
        if items.words[j] in {"it", "us"}:
            break
        width += 1
    tags = items.tags[i + width - 1]
    first = items.tags[i]
    if "N" in first and ("U" in tags or "N" in tags):
        tags = "PN" + ("g" if "g" in tags else "")
    elif width > 1 and "U" in tags and all("U" in items.tags[k] for k in range(i, i + width)):
        tags = tags.replace("u", "") + "2U"[1:]
    return width, tags


def _attach(items: Parse) -> Parse:
    """Fold "two of the reviewers" and "nobody on the fraud team" into the person they name."""
    if sections()["folding"].isdisjoint(items.words):
        return items
    out = Parse()
    i, n = 0, len(items)
    while i < n:
        word, tags = items.words[i], items.tags[i]
        quantifier = word in sections()["quantifiers"] or (tags and "P" in tags and "g" not in tags)
        if quantifier and i + 2 < n and items.words[i + 1] in {"of", "on", "in", "from", "at"}:
            head = _noun_after(items, i + 2)
            of = items.words[i + 1] == "of"
            if (
                head
                and items.has(head, "PA")
                and "g" not in items.tags[head]
                and (of or ("P" in tags and items.has(head, "T")))
            ):
                negative = "z" if word in {"none", "neither"} or "z" in tags else ""
                kept = tags if "P" in tags else items.tags[head]
                out.add(
                    "_".join(items.words[i : head + 1]), kept + negative, items.starts[i], items.ends[head]
                )
                i = head + 1
                continue
        if word in {"neither", "not"} and i + 1 < n:
            head = _noun_after(items, i + 1)
            nor = head and items.word(head + 1) in {"nor", "or"}
            other = _noun_after(items, head + 2) if nor else 0
            if other and items.has(head, "P") and items.has(other, "P"):
                out.add("_".join(items.words[i : other + 1]), "PZz", items.starts[i], items.ends[other])
                i = other + 1
                continue
        if word in {"not", "no"} and i + 1 < n and items.words[i + 1] != "longer":
            head = _noun_after(items, i + 1)
            step = items.words[i + 1] in {"a", "one", "single"}
            if (
                head
                and head - i <= 5
                and items.has(head, "RT")
                and (word == "no" or step)
                and "g" not in items.tags[head]
            ):
                out.add("_".join(items.words[i : head + 1]), "PZz", items.starts[i], items.ends[head])
                i = head + 1
                continue
        out.add(word, tags, items.starts[i], items.ends[i])
        i += 1
    return out


def _noun_after(items: Parse, i: int) -> int:
    """Index of the noun item that a determiner, adjective or unknown word at `i` leads to; 0 if none."""
    for j in range(i, min(i + 5, len(items))):
        if any(letter in items.tags[j] for letter in "PSAU"):
            return j
        if items.words[j] in {"than", "as"}:
            return 0
        if any(letter in items.tags[j] for letter in "pcsBHomn") or not items.words[j][0].isalnum():
            return 0
    return 0
