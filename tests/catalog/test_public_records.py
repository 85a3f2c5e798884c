"""What holds for every public record in datasets/post_mortems/."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from aiir_lab.catalog import list_problems, load_postmortem, postmortem_ids
from aiir_lab.records import Basis, Confidence, Postmortem, Strand

IDS = postmortem_ids()

# Words that put the cause into a person. The review room judges language in full; this guards our own data.
BLAME = re.compile(
    r"\b(human error|operator error|careless\w*|negligen\w*|should have|could have|forgot|obviously|sloppy|"
    r"incompeten\w*|stupid\w*|lazy|to blame|at fault|culprit|did(?:n't| not) (?:bother|follow)|MTTR)\b",
    re.IGNORECASE,
)
# People whom the accounts name. Roles do here.
PERSONS = re.compile(r"\b(Altman|Musk|Kurian|Prince|Knecht|Peter Lee|Zuckerberg|Pichai|Nadella)\b")

OFFSETS_HOURS = {"UTC": 0, "PST": 8, "PDT": 7, "EST": 5, "EDT": 4, "CET": -1, "CEST": -2}
# "15:16 PST", "14:51 to 15:20 PST", "16:55, 16:59 and 17:03 PST"; not "13:58 UTC-7"
ZONED = re.compile(
    r"\b(\d{1,2}):(\d\d)(?::\d\d)?(?:(?:,| to| and) \d{1,2}:\d\d)* "
    rf"({'|'.join(OFFSETS_HOURS)})\b(?![-+])"
)


def prose(value: Any) -> Iterator[str]:
    """Every text of ours in a record; titles, publishers and addresses of sources are others' words."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            if key != "sources":
                yield from prose(part)
    elif isinstance(value, list):
        for part in value:
            yield from prose(part)


def test_there_are_at_least_twenty() -> None:
    assert len(IDS) >= 20


def test_the_promised_id_is_there() -> None:
    assert "gitlab-2017" in IDS


@pytest.fixture(params=IDS)
def record(request: pytest.FixtureRequest) -> Postmortem:
    return load_postmortem(request.param)


def test_it_keeps_the_rules_of_the_catalogue(record: Postmortem) -> None:
    assert list_problems(record) == []


def test_it_comes_back_whole_from_yaml_and_json(record: Postmortem) -> None:
    assert Postmortem.from_yaml(record.to_yaml()) == record
    assert Postmortem.from_json(record.to_json()) == record


def test_every_event_can_be_followed_to_a_source(record: Postmortem) -> None:
    for event in record.timeline.events:
        assert event.sources
        assert event.basis is not None
        for key in event.sources:
            assert "://" in key or record.source(key)


def test_events_stand_in_order(record: Postmortem) -> None:
    assert record.timeline.order_conflicts() == []


def test_a_secondary_basis_is_not_called_primary(record: Postmortem) -> None:
    for event in record.timeline.events:
        if event.basis is Basis.SECONDARY:
            assert event.confidence is not Confidence.PRIMARY, event.text


def test_utc_follows_from_the_published_time(record: Postmortem) -> None:
    for event in record.timeline.events:
        if event.at_utc is None or event.confidence in (Confidence.UNSURE, Confidence.DERIVED):
            continue
        found = ZONED.search(event.when_text or "")
        if found and event.precision.is_clock_time:
            hours, minutes = int(found[1]) + OFFSETS_HOURS[found[3]], int(found[2])
            assert (event.at_utc.hour, event.at_utc.minute) == (hours % 24, minutes), event.when_text


def test_a_coarse_time_is_the_first_instant_of_its_day(record: Postmortem) -> None:
    for event in record.timeline.events:
        if event.at_utc is not None and not event.precision.is_clock_time:
            assert event.at_utc.time().isoformat() == "00:00:00", event.text


def test_severity_has_its_reason(record: Postmortem) -> None:
    assert record.severity is not None
    assert record.severity_reason
    assert len(record.severity_reason.split()) >= 8


def test_it_has_depth(record: Postmortem) -> None:
    assert len(record.timeline.events) >= 7
    assert len(record.messages) >= 2
    assert len(record.action_items) >= 1  # some organisations published a single one
    strands = {factor.strand for factor in record.contributing_factors}
    assert {Strand.PROCESS, Strand.TOOLING} <= strands or {Strand.PROCESS, Strand.TECHNICAL} <= strands
    assert record.ai is not None
    assert record.ai.rmf_functions
    assert record.ai.rmf_reason
    assert {id.split()[0] for id in record.ai.rmf_ids} == {f.value for f in record.ai.rmf_functions}


def test_no_person_is_the_cause(record: Postmortem) -> None:
    for text in prose(record.to_dict()):
        assert not BLAME.search(text), text
        assert not PERSONS.search(text), text


def test_no_owner_or_date_is_invented(record: Postmortem) -> None:
    for action in record.action_items:
        assert action.owner is None
        assert action.due is None


@pytest.mark.parametrize(
    ("id", "duration", "minutes"),
    [  # durations that follow from figures the publishers print themselves
        ("cloudflare-2025-11-18", "time_to_mitigate", 3 * 60 + 2),
        ("openai-outage-2024-12-11", "time_to_resolve", 4 * 60 + 22),
        ("openai-outage-2024-12-11", "time_to_mitigate", 4 * 60 + 22),
        ("aws-s3-2017-02-28", "time_to_mitigate", 4 * 60 + 17),
        ("aws-us-east-1-2025-10", "time_to_resolve", 14 * 60 + 32),
        ("google-cloud-2025-06-12", "time_to_mitigate", 3 * 60),
        ("openai-chatgpt-redis-2023", "time_to_mitigate", 9 * 60),
    ],
)
def test_known_durations_come_out(id: str, duration: str, minutes: float) -> None:
    assert load_postmortem(id).timeline.duration(duration).minutes == minutes


def test_the_rules_find_what_is_wrong() -> None:
    sound = load_postmortem("cloudflare-2025-11-18")
    first = sound.timeline.events[0]

    def with_first(**changes: object) -> Postmortem:
        events = (first.model_copy(update=changes), *sound.timeline.events[1:])
        return sound.model_copy(update={"timeline": sound.timeline.model_copy(update={"events": events})})

    assert "no source" in list_problems(with_first(sources=()))[0]
    assert "no basis" in list_problems(with_first(basis=None))[0]
    assert "lower the confidence" in list_problems(with_first(basis=Basis.SECONDARY))[0]
    assert "when_text" in list_problems(with_first(when_text=None))[0]
    late = first.at_utc.replace(month=12, day=31) if first.at_utc else None
    assert any("move it" in problem for problem in list_problems(with_first(at_utc=late)))
    assert list_problems(sound.model_copy(update={"severity": None})) == [
        "severity: nothing there; a public record needs it"
    ]
    figure = (*sound.impact, "It cost 3 million.")
    assert "figure without a source" in list_problems(sound.model_copy(update={"impact": figure}))[0]
    wrong_key = ("It cost 3 million [s8].", *sound.impact)
    assert "no source 's8'" in list_problems(sound.model_copy(update={"impact": wrong_key}))[0]
    unused = sound.sources[0].model_copy(update={"key": "s9"})
    assert "used nowhere" in list_problems(sound.model_copy(update={"sources": (*sound.sources, unused)}))[0]
