"""An incident as files: the observable tables of a run, without what would give its truth away.

A class can hand each learner an incident of their own. The folder holds what responders could have seen;
neither the seed nor the truth is in it, so the run cannot be played again.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd

from aiir_lab.records.errors import AiirError
from aiir_lab.simulate import schema as schemas
from aiir_lab.simulate.controls import read_time
from aiir_lab.simulate.run import Run
from aiir_lab.simulate.scale import to_json
from aiir_lab.simulate.world import World, load_world

FOLDER = "incident"
"""Where an incident lies, beside its notebook."""

MANIFEST, WHAT_IF = "manifest.json", "what_if"
_MISSING = r"\N"  # an empty text is something else
FORMAT = 1


class Incident:
    """An incident of one's own, from its files. Made by :func:`open_incident`.

    Attributes
    ----------
    name, company : str
        The world, and the invented company that it happened to.
    lesson : str
        The lesson that it belongs to, such as ``"i02"``.
    started_utc, ended_utc : datetime
        The clock of the run, UTC.
    columns : DataFrame
        table, column, dtype, unit, meaning: the documentation of ``observe()``.
    what_if : DataFrame
        option (str), controls (str), and what the lesson needs of the replays for which the table stands in,
        such as harm_left_share (float64, 1 is what was lost).
    """

    def __init__(self, folder: Path, manifest: Mapping[str, Any], world: World) -> None:
        self._folder, self._world = folder, world
        self._cache: dict[str, pd.DataFrame] = {}
        self.name: str = world.name
        self.lesson: str = manifest["lesson"]
        self.company: str = manifest["company"]
        self.started_utc = datetime.fromisoformat(manifest["started_utc"])
        self.ended_utc = datetime.fromisoformat(manifest["ended_utc"])

    def __repr__(self) -> str:
        return f"<Incident {self.name} at {self.company}>"

    @property
    def columns(self) -> pd.DataFrame:
        """Every column of every table: table, column, dtype, unit, meaning."""
        return schemas.describe(self._world.schema)

    @property
    def what_if(self) -> pd.DataFrame:
        """What each option leaves: option, controls, and columns of the lesson such as harm_left_share."""
        return pd.read_csv(self._path(WHAT_IF), na_values=[_MISSING])

    def observe(self, *, until: object = None) -> dict[str, pd.DataFrame]:
        """Return the tables that a responder could query, as :meth:`Run.observe` does.

        Parameters
        ----------
        until : datetime or str, default None
            UTC time of the look: later rows are not there yet. None: at the end of the run.

        Raises
        ------
        AiirError
            A table is missing or damaged.
        """
        seen_at = read_time(until, parameter="until")
        seen = {}
        for name, table in self._world.schema.items():
            if seen_at is None:
                seen[name] = self._table(name).copy()
            elif not table.is_view:
                seen[name] = schemas.seen_by(self._table(name), table, seen_at)
        if seen_at is not None:
            views = self._world.views(seen)
            seen |= {name: schemas.conform(name, views[name], self._world.schema[name]) for name in views}
        return {name: seen[name] for name in self._world.schema}

    def reveal(self) -> NoReturn:
        """Nothing: the truth of an incident of your own is with your instructor."""
        raise AiirError(
            "The truth of this incident is not in its files. Your instructor has it, and judges your answers."
        )

    def _path(self, name: str) -> Path:
        path = self._folder / f"{name}.csv.gz"
        if not path.is_file():
            raise AiirError(
                f"{path} is missing. Unpack the whole folder that you were given again, beside the notebook."
            )
        return path

    def _table(self, name: str) -> pd.DataFrame:
        if name not in self._cache:
            path, table = self._path(name), self._world.schema[name]
            try:
                self._cache[name] = _read(path, table)
            except (OSError, EOFError, ValueError, KeyError, AiirError, zlib.error) as error:
                raise AiirError(
                    f"{path} is damaged: {error}. Unpack it again from what you were given."
                ) from None
        return self._cache[name]


def open_incident(folder: str | Path = FOLDER) -> Incident:
    """Open the incident that lies beside a notebook.

    Parameters
    ----------
    folder : str or Path, default "incident"
        The folder that you were given.

    Raises
    ------
    AiirError
        There is none, or it is not complete.

    Examples
    --------
    >>> open_incident("nowhere")
    Traceback (most recent call last):
    ...
    aiir_lab.records.errors.AiirError: There is no incident in 'nowhere'. ...
    """
    path = Path(folder)
    manifest = read_manifest(path)
    if manifest is None:
        raise AiirError(
            f"There is no incident in {str(folder)!r}. Put the folder 'incident' that you were given with "
            "this notebook beside it, and start the notebook there."
        )
    return Incident(path, manifest, load_world(manifest["world"]))


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """What the manifest of an incident says; ``None`` where there is none that can be read."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        wanted = {"lesson", "world", "company", "started_utc", "ended_utc"}
        is_ours = manifest["format"] == FORMAT and all(isinstance(manifest[name], str) for name in wanted)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return manifest if is_ours else None


def incident_files(run: Run, *, lesson: str, what_if: Sequence[Mapping[str, Any]]) -> dict[str, bytes]:
    """The files of an incident: name -> content, the same bytes for the same run.

    Parameters
    ----------
    run : Run
        Only what it shows goes in.
    lesson : str
        The lesson whose questions are about it.
    what_if : sequence of mapping
        Rows of the table that stands in for replays.
    """
    manifest = {
        "format": FORMAT,
        "lesson": lesson,
        "world": run.name,
        "company": run.company,
        "started_utc": run.started_utc.isoformat(),
        "ended_utc": run.ended_utc.isoformat(),
    }
    documented = run.columns[run.columns["dtype"] == "object"]
    files = {MANIFEST: (json.dumps(manifest, indent=2) + "\n").encode()}
    for name, frame in run.observe().items():
        nested = documented.loc[documented["table"] == name, "column"].tolist()
        files[f"{name}.csv.gz"] = _packed(frame, nested)
    return files | {f"{WHAT_IF}.csv.gz": _packed(pd.DataFrame(list(what_if)))}


def _packed(frame: pd.DataFrame, nested: Sequence[str] = ()) -> bytes:
    plain = frame.assign(**{column: frame[column].map(to_json) for column in nested})
    text = plain.to_csv(
        index=False, na_rep=_MISSING, date_format="%Y-%m-%dT%H:%M:%S.%fZ", lineterminator="\n"
    )
    return gzip.compress(text.encode("utf-8"), compresslevel=6, mtime=0)


def _read(path: Path, table: schemas.Table) -> pd.DataFrame:
    kinds = {"str": "object", "int": "int64", "float": "float64", "bool": "bool"}
    frame = pd.read_csv(
        path,
        dtype={name: kinds.get(column.dtype, "object") for name, column in table.columns.items()},
        keep_default_na=False,
        na_values=[_MISSING],
    )
    for name, column in table.columns.items():
        if column.dtype == "time":
            frame[name] = pd.to_datetime(frame[name], utc=True, format="ISO8601")
        elif column.dtype == "object":
            frame[name] = [json.loads(text) if isinstance(text, str) else None for text in frame[name]]
        elif column.dtype == "str":
            frame[name] = frame[name].where(frame[name].notna(), None)
    return schemas.conform(path.name, frame, table)
