"""`review_language`: the eight kinds, exact places, what must be left alone, and any text at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aiir_lab.records.errors import AiirError
from aiir_lab.review import Finding, review_language
from aiir_lab.review.language.rules import KINDS


def kinds(text: str) -> list[str]:
    return [finding.kind for finding in review_language(text)]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("failed_to", "The engineer on duty that night simply did not check the dashboard."),
        ("failed_to", "Priya rolled back but forgot to tell support."),
        ("failed_to", "Nobody on the fraud team verified the sample."),
        ("failed_to", "The alert was ignored by the on-call."),
        ("failed_to", "Data Platform never told us about the rename."),
        ("judgement", "The annotators were careless with the borderline class."),
        ("judgement", "There was a lack of diligence on the part of the annotators."),
        ("judgement", "The night shift was asleep at the wheel."),
        ("counterfactual", "The on-call should have escalated sooner."),
        ("counterfactual", "Had the reviewer looked, the batch would have been stopped."),
        ("counterfactual", "If Sam had checked the ticket, this would not have happened."),
        ("accusing_question", "Why did you merge this?"),
        ("accusing_question", "Who broke the build?"),
        ("human_error", "Root cause: human error."),
        ("human_error", "- Cause: operator mistake"),
        ("human_error", "An engineer fat-fingered the threshold."),
        ("sarcasm", "Apparently nobody bothered to read the page."),
        ("sarcasm", "As usual, legal was nowhere to be found."),
        ("punishment", "The moderator was reprimanded and taken off the rotation."),
        ("punishment", "The contractor's bonus was withheld."),
        ("name_as_cause", "The dataset was corrupted by Tom."),
        ("name_as_cause", "Root cause: Dana merged the change."),
        ("name_as_cause", "The labelling vendor is to blame for the outage."),
    ],
)
def test_each_kind_is_found(kind: str, text: str) -> None:
    assert kinds(text) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "The validator failed to run.",
        "The pipeline forgot the header.",
        "The reviewer dashboard failed to load.",
        "The team's pipeline failed to publish.",
        "Priya rolled back at 14:02.",
        "The on-call engineer followed the runbook.",
        "We used git blame and fault injection within the error budget.",
        "A page fault hit the default allocator.",
        "We do not accept 'human error' as a cause.",
        "The first draft said 'the on-call was careless'; we rewrote it.",
        "It was not carelessness: the form hides the field.",
        "How did the dashboard look at 09:10?",
        "Why did the alert not fire?",
        "Given what the dashboard showed, the decision made sense.",
        "The on-call could not have known that the feed was stale.",
        "The gate should have a timeout, and reviewers should be able to see the source.",
        "Annotators should have limited access to raw messages.",
        "The alert should have fired at 2%.",
        "Owner: Maria. Maria will add a check by 14 March.",
        "If a reviewer forgets a field, the form refuses to save.",
        "The job was fired by cron and the account was suspended by the model.",
        "Sara was taken off call so that she could rest.",
        "Nobody was reprimanded.",
        "The on-call did not escalate because the runbook said to wait.",
        "Thanks to the night shift, the rollback took four minutes.",
        "",
        "   \n\t\n",
    ],
)
def test_what_accuses_nobody_is_left_alone(text: str) -> None:
    assert review_language(text) == []


@pytest.mark.parametrize(
    ("accusing", "harmless"),
    [
        ("The reviewer failed to run the check.", "The runner failed to run the check."),
        ("The team should have tested the rollback.", "The team should test the rollback."),
        ("The analyst was negligent.", "The analyst was not negligent."),
        ("The agent failed to warn the team.", "The agent failed to open the socket."),
        ("Someone asked why Ravi changed it: why did you, Ravi?", "Someone asked how it changed."),
    ],
)
def test_one_word_decides(accusing: str, harmless: str) -> None:
    assert kinds(accusing)
    assert kinds(harmless) == []


def test_place_line_and_advice_are_exact() -> None:
    text = (
        "# Post-mortem\r\n\r\nAll went well at first 🙂.\r\n"
        "Then the *on-call* **failed to** check the feed. Fine."
    )
    (finding,) = review_language(text)
    assert finding.of(text) == "on-call* **failed to"
    assert finding.line == 4
    assert finding.rule == "omission"
    assert "check the feed" in finding.suggestion
    assert isinstance(finding, Finding)


def test_markdown_code_quotes_and_tables() -> None:
    text = (
        "```\nThe on-call failed to check.\n```\n"
        "> The vendor was careless.\n\n"
        "Run `the team failed to check` first.\n\n"
        "<!-- the team failed to check -->\n"
        "| Field | Value |\n|---|---|\n| Root cause | Human error |\n"
        "1. The vendor\n   forgot the manifest.\n"
    )
    found = review_language(text)
    assert [(f.kind, f.line) for f in found] == [("human_error", 11), ("failed_to", 12)]
    assert found[1].of(text).split() == ["vendor", "forgot"]


def test_an_unclosed_fence_hides_the_rest() -> None:
    assert review_language("```\nThe on-call failed to check.") == []


def test_they_refers_back_to_things_or_people() -> None:
    assert review_language("The workers read the queue table. They failed to drain it.") == []
    assert kinds("The reviewers had the sample. They failed to read it.") == ["failed_to"]


def test_two_clauses_give_two_findings_one_clause_gives_one() -> None:
    assert kinds("The vendor was careless, and the reviewer forgot the sample.") == ["judgement", "failed_to"]
    assert kinds("Root cause: Dana merged without review.") == ["name_as_cause"]


def test_several_sentences_are_placed_each() -> None:
    text = "The vendor forgot the manifest. The gate was open. Who broke it? Dr. Lee forgot the form."
    assert [text[f.start : f.end] for f in review_language(text)] == [
        "vendor forgot",
        "Who broke",
        "Lee forgot",
    ]


def test_a_value_that_is_no_text_is_refused() -> None:
    with pytest.raises(AiirError, match="reads a str; got bytes"):
        review_language(b"The vendor forgot it.")  # type: ignore[arg-type]


_ENGLISH = st.lists(
    st.sampled_from(
        [
            "the",
            "The",
            "on-call",
            "reviewer",
            "team",
            "Tom",
            "nobody",
            "failed",
            "forgot",
            "to",
            "not",
            "never",
            "did",
            "check",
            "careless",
            "should",
            "have",
            "had",
            "if\n",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "why",
            "Who",
            "because",
            "human",
            "error",
            "was",
            "by",
            "is",
            "'",
            '"',
            "“",
            "”",
            "`",
            "```",
            ">",
            "|",
            "\n",
            "\n\n",
            ".",
            "?",
            "!",
            ",",
            ";",
            ":",
            "—",
            "'s",
            "n't",
            "@",
            "_",
            "*",
            "(",
            ")",
            "#",
            "<!--",
            "-->",
            "](\n",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "�",
            "🙂",
            "é",
            "İ",
            "ß",
        ]
    ),
    max_size=60,
).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=400), _ENGLISH))
def test_any_text_gives_findings_inside_it(text: str) -> None:
    found = review_language(text)
    assert [f.start for f in found] == sorted(f.start for f in found)
    for finding in found:
        assert 0 <= finding.start < finding.end <= len(text)
        assert finding.kind in KINDS
        assert finding.message
        assert finding.suggestion
        assert finding.line is not None
        assert 1 <= finding.line <= len(text.splitlines()) + 1


def test_findings_do_not_depend_on_what_stands_before() -> None:
    lead = "The gate opened at 09:00. " * 50
    text = "The vendor forgot the manifest."
    (alone,) = review_language(text)
    (later,) = review_language(lead + text)
    assert (later.start - len(lead), later.kind) == (alone.start, alone.kind)
