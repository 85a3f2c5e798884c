"""The light grammar under `review_language`: sentences, items, subjects, patterns, bounded work."""

from __future__ import annotations

import pytest

from aiir_lab.review.language import reviewing as language
from aiir_lab.review.language.join import parse
from aiir_lab.review.language.pattern import Pattern, tagged
from aiir_lab.review.language.rules import KINDS, candidates, rules
from aiir_lab.review.language.subject import subject
from aiir_lab.review.language.text import MAX_SENTENCE, mask, sentences
from aiir_lab.review.language.words import forms, lexicon


@pytest.mark.parametrize(
    ("sentence", "verb", "expected"),
    [
        ("The engineer on duty that night simply did not look.", "look", "engineer"),
        ("The moderation lead, who had been told twice, forgot it.", "forgot", "lead"),
        ("Two of the reviewers missed it.", "missed", "two_of_the_reviewers"),
        ("Priya rolled back but forgot to call.", "forgot", "priya"),
        ("The reviewer dashboard failed to load.", "failed", "reviewer_dashboard"),
        ("The annotators' tool forgot the selection.", "forgot", "tool"),
        ("Anyone caught skipping the gate will be fired.", "fired", "anyone"),
        ("Although the gate was open, the vendor went ahead and skipped it.", "skipped", "vendor"),
    ],
)
def test_subject(sentence: str, verb: str, expected: str) -> None:
    items = parse(sentence)
    found = subject(items, items.words.index(verb))
    assert found is not None
    assert items.words[found] == expected


def test_items_keep_their_place() -> None:
    sentence = "Nobody on the fraud team hadn't seen Dana's note."
    items = parse(sentence)
    for word, start, end in zip(items.words, items.starts, items.ends, strict=True):
        written = sentence[start:end].lower()
        assert written.startswith(word.replace("_", " ")[:3]) or word in {"not"}


def test_a_capital_inside_a_sentence_may_be_a_company_and_a_month_is_not() -> None:
    items = parse("In March we heard from Quuxly.")
    assert items.tags[items.words.index("march")] != "U"
    assert "U" in items.tags[items.words.index("quuxly")]


def test_mask_keeps_length_and_hides_speech_and_code() -> None:
    text = 'a `b c` "two words" \'it isn\'t so\' “x y” "one" <!-- z --> **bold** https://x.y/z'
    hidden = mask(text)
    assert len(hidden) == len(text)
    for gone in ("two", "isn", "b c", "x y", "z"):
        assert gone not in hidden
    assert "one" in hidden
    assert "bold" in hidden


def test_sentences_know_abbreviations_and_cut_endless_ones() -> None:
    text = "Dr. Lee saw v. 2.5, e.g. the new one. Next."
    assert [text[a:b] for a, b in sentences(text)] == ["Dr. Lee saw v. 2.5, e.g. the new one.", "Next."]
    endless = "word " * 5000
    assert all(b - a <= MAX_SENTENCE for a, b in sentences(endless))
    assert "".join(endless[a:b] for a, b in sentences(endless)).replace(" ", "") == "word" * 5000


def test_verb_forms() -> None:
    assert {digit: form for form, digit in forms("verify")}["2"] == "verified"
    assert [form for form, _ in forms("forget/forgot/forgotten/forgetting")][-1] == "forgets"
    assert "F" in lexicon()["forgotten"]


def test_pattern_language() -> None:
    line, starts = tagged(parse("Yesterday the careless reviewer dropped the ball."))
    assert Pattern("(dropped the ball)").find(line, starts) == [(4, 6)]
    assert Pattern("<J> (<P!g>) ~1 the").find(line, starts) == [(3, 3)]
    assert Pattern("(<P+g>)").find(line, starts) == []
    assert Pattern("^ dropped").find(line, starts) == []


def test_every_rule_compiles_names_its_source_and_belongs_to_a_kind() -> None:
    for rule in rules():
        assert rule.pattern.regex
        assert rule.kind in KINDS
        assert set(rule.source.split()) <= {"pagerduty", "google", "etsy", "howie", "own"}
        assert rule.needs <= {"person", "clause", "asserted", "loose", "unexcused", "harm", "aside", "any"}
    assert {rule.kind for rule in rules()} == set(KINDS)


def test_only_rules_that_can_hold_are_tried() -> None:
    assert candidates(["the", "gate"], ["d", "S"]) == []
    tried = candidates(["the", "team", "dropped", "the", "ball"], ["d", "PT", "k23", "d", ""])
    assert "dropped-the-ball" in {rule.id for rule in tried}
    assert len(tried) < len(rules()) / 4


def test_work_grows_with_the_number_of_different_sentences_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """One megabyte: repeated sentences come from memory, endless ones in bounded pieces."""
    sizes: list[int] = []
    real = language._judge

    def counting(sentence: str, they_are_things: bool, *rest: object) -> object:
        sizes.append(len(sentence))
        return real(sentence, they_are_things, *rest)

    monkeypatch.setattr(language, "_judge", counting)
    text = "The on-call failed to check the feed. The gate had no timeout. " * 16_000
    assert len(text) > 1_000_000
    assert len(language.review_language(text)) == 16_000
    assert len(sizes) <= 4
    sizes.clear()
    numbered = "".join(f"At 09:{n % 60:02d} the on-call failed to read batch {n}. " for n in range(100, 900))
    assert len(language.review_language(numbered)) == 800
    assert len(sizes) <= 2  # numbers alone make no new sentence
    sizes.clear()
    language.review_language("the on-call failed to check the feed and " * 2_000)
    assert max(sizes) <= MAX_SENTENCE
    assert sum(sizes) <= 2_000 * 41
