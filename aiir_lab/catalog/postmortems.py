"""Public post-mortems: the incidents of the catalogue as records and as one table."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiir_lab.catalog.course_files import course_path
from aiir_lab.records.errors import NotFoundError, RecordError
from aiir_lab.records.postmortem import Postmortem
from aiir_lab.records.timeline import ClockMark

if TYPE_CHECKING:
    import pandas as pd


def postmortem_ids() -> tuple[str, ...]:
    """The ids of all public post-mortems, in alphabetical order.

    Examples
    --------
    >>> "gitlab-2017" in postmortem_ids()
    True
    """
    folder = course_path("datasets", "post_mortems")
    return tuple(sorted(path.stem for path in folder.glob("*.yaml") if path.name != "schema.yaml"))


def read_record(path: Path) -> Postmortem:
    """Read one file of the catalogue; its id must be its name, so that it is found by it.

    Raises
    ------
    RecordError
        The file is not a post-mortem; each line names file, line, field, expected and got.
    """
    postmortem = Postmortem.from_file(path)
    if postmortem.id != path.stem:
        problem = f"id: expected {path.stem!r} as in the file name, got {postmortem.id!r}"
        raise RecordError([problem], where=str(path))
    return postmortem


@cache
def _load(path: Path) -> Postmortem:
    return read_record(path)


def load_postmortem(id: str) -> Postmortem:
    """Load one public post-mortem by its id.

    Parameters
    ----------
    id : str
        One of :func:`postmortem_ids`, such as ``"gitlab-2017"``.

    Returns
    -------
    Postmortem
        Frozen; loaded once per process.

    Raises
    ------
    NotFoundError
        There is no such post-mortem; the message names the nearest ids.
    RecordError
        The file does not have the shape of a post-mortem.

    Examples
    --------
    >>> load_postmortem("microsoft-tay-2016").organisation
    'Microsoft'
    """
    known = postmortem_ids()
    if id not in known:
        raise NotFoundError("public post-mortem", id, list(known))
    return _load(course_path("datasets", "post_mortems", f"{id}.yaml"))


def public_postmortems() -> pd.DataFrame:
    """All public post-mortems, one row each, the oldest first.

    Returns
    -------
    DataFrame
        ``id``, ``title``, ``organisation`` (str);
        ``date`` (datetime64, first day of the incident as published);
        ``severity`` (str, our judgement: SEV1 is worst);
        ``n_events``, ``n_clock_events`` (int, timeline events; those known to the hour or better),
        ``n_factors``, ``n_messages``, ``n_actions``, ``n_gaps`` (int);
        ``onset_utc``, ``alerted_utc``, ``detected_utc``, ``acknowledged_utc``, ``mitigated_utc``,
        ``resolved_utc`` (datetime64, UTC; NaT where the sources are silent);
        ``precise_marks`` (str, comma-separated: the marks above that are known to the hour or better;
        the other ones are the first instant of a day or month, so no minutes follow from them);
        ``rmf_functions`` (str, comma-separated); ``sources`` (str, comma-separated addresses).

    Examples
    --------
    >>> table = public_postmortems()
    >>> bool(table["id"].is_unique)
    True
    """
    import pandas as pd

    rows = [_summarise(load_postmortem(id)) for id in postmortem_ids()]
    table = pd.DataFrame(rows)
    table["date"] = pd.to_datetime(table["date"])
    for mark in ClockMark:
        table[f"{mark.value}_utc"] = pd.to_datetime(table[f"{mark.value}_utc"], utc=True)
    return table.sort_values(["date", "id"], ignore_index=True)


def _summarise(postmortem: Postmortem) -> dict[str, Any]:
    timeline = postmortem.timeline
    marked = {mark: timeline.marked(mark) for mark in ClockMark}
    return {
        "id": postmortem.id,
        "title": postmortem.title,
        "organisation": postmortem.organisation,
        "date": postmortem.date,
        "severity": postmortem.severity.value if postmortem.severity else None,
        "n_events": len(timeline.events),
        "n_clock_events": sum(event.precision.is_clock_time for event in timeline.events),
        "n_factors": len(postmortem.contributing_factors),
        "n_messages": len(postmortem.messages),
        "n_actions": len(postmortem.action_items),
        "n_gaps": len(postmortem.gaps),
        **{f"{mark.value}_utc": event.at_utc if event else None for mark, event in marked.items()},
        "precise_marks": ", ".join(
            mark.value for mark, event in marked.items() if event and event.precision.is_clock_time
        ),
        "rmf_functions": ", ".join(postmortem.ai.rmf_functions) if postmortem.ai else "",
        "sources": ", ".join(source.url for source in postmortem.sources if source.url),
    }
