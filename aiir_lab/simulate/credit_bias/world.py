"""The world `credit_bias`: a new bureau feed finds no file for one group's homes; approvals stay level."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from aiir_lab.simulate.clock import draw_start, sum_by_hour
from aiir_lab.simulate.company import draw_company
from aiir_lab.simulate.controls import Cost, Plan
from aiir_lab.simulate.credit_bias import tables
from aiir_lab.simulate.credit_bias.applicants import (
    DAY_S,
    DAYS,
    OLD_ROWS,
    CreditStage,
    draw_new_feed,
    draw_people,
    draw_scene,
)
from aiir_lab.simulate.credit_bias.controls import CONTROLS
from aiir_lab.simulate.credit_bias.pipeline import REVIEW_MIN, Pipeline, Played
from aiir_lab.simulate.credit_bias.schema import SCHEMA
from aiir_lab.simulate.randomness import draw_stream
from aiir_lab.simulate.truth import Planted
from aiir_lab.simulate.world import Outcome, Setting, World, play_once

LUCK = ("audit", "appeals", "appeal_wait", "desk_wait", "desk", "declares", "early_sign")


class CreditBias(World):
    """A lender whose score turns against one group after a data source was changed."""

    name = "credit_bias"
    title = "A credit score rejects good applicants of one group after a bureau feed was changed"
    unit = "good applicants of the group wrongly rejected"
    main_table = "applications"
    sizes: ClassVar[Mapping[str, int]] = {"lesson": 24_000, "sample": 12_000}
    min_rows = 8_000
    max_rows = 400_000
    controls = CONTROLS
    main_factors = (
        "no_slice_check",
        "no_feed_contract",
        "no_human_review",
        "no_group_monitor",
        "cutoff_follows_target",
    )
    schema = SCHEMA
    growing = ("applications", "decisions", "appeals", "appeal_decisions", "audit_outcomes")

    def prepare(self, setting: Setting) -> CreditStage:
        """Draw the lender, the applicants with their truth, and what both bureaus know of them."""
        scene = draw_scene(setting)
        start = draw_start(draw_stream(setting.seed, self.name, "start"))
        people = draw_people(setting, scene, "applicants", setting.rows)
        when = draw_stream(setting.seed, self.name, "second").integers(0, DAYS * DAY_S, setting.rows)
        noise = {
            what: draw_stream(setting.seed, self.name, "luck", what).random(setting.rows) for what in LUCK
        }
        noise["answer"] = draw_stream(setting.seed, self.name, "luck", "answer").random(DAYS + 1)
        return CreditStage(
            setting=setting,
            company=draw_company(draw_stream(setting.seed, self.name, "company"), "Credit"),
            started_utc=start,
            ended_utc=start + timedelta(days=DAYS),
            scene=scene,
            second=np.sort(when).astype(float),
            people=people,
            new_fields=draw_new_feed(setting, scene, people),
            old=draw_people(setting, scene, "former applicants", OLD_ROWS),
            noise=noise,
        )

    def play(self, stage: CreditStage, plan: Plan, *, incident: bool) -> Outcome:
        """Run the twelve weeks; the loss is each good applicant of the group who stays rejected."""
        starts = {name: plan.hour_of(name, stage.started_utc) * 3600.0 for name in plan.since}
        done = Pipeline(stage, starts, incident=incident).play()
        lost = find_wrongly_rejected(stage, done) & stage.people.in_group
        loss = sum_by_hour(
            stage.started_utc, stage.ended_utc, seconds=stage.second, amounts=lost.astype(float)
        )
        return Outcome(loss, _measure_costs(stage, starts, done), done)

    def tables(self, stage: CreditStage, outcome: Outcome) -> dict[str, pd.DataFrame]:
        """Write down what responders could see."""
        return tables.list_tables(stage, outcome.state)

    def case_of(self, table: str, tables: Mapping[str, pd.DataFrame]) -> NDArray[np.int64]:
        """A decision about an appeal names the appeal only."""
        if table != "appeal_decisions":
            return super().case_of(table, tables)
        of_appeal = tables["appeals"].set_index("appeal_id")["application_id"]
        return of_appeal.reindex(tables[table]["appeal_id"], fill_value=-1).to_numpy(dtype=np.int64)

    def plant(self, stage: CreditStage, outcome: Outcome) -> Planted:
        """Tell the planted truth."""
        scene, done, people = stage.scene, outcome.state, stage.people
        plain = play_once(self, stage, Plan(), incident=False).state
        hit = np.isin(people.area, scene.areas) & (people.housing == 2)
        touched = hit & (done.fields != people.fields).any(axis=1)
        codes = [scene.postcodes[a] for a in scene.areas]
        late = stage.second >= scene.onset_s
        wrong = {
            name: float(find_wrongly_rejected(stage, d)[late & people.is_good & mine].mean())
            for name, d, mine in (
                ("rejected_good_rate_group", done, people.in_group),
                ("rejected_good_rate_group_without", plain, people.in_group),
                ("rejected_good_rate_others", done, ~people.in_group),
                ("rejected_good_rate_others_without", plain, ~people.in_group),
            )
        }
        return Planted(
            stage.started_utc + timedelta(seconds=scene.onset_s),
            "A new bureau feed cannot match flats that share one address in some postcodes, and returns an "
            f"empty file for who lives there, most of them of group {scene.group_names[0]}. The model reads "
            "an empty file as risk. The cutoff moves every night to keep the approval rate, so that "
            "the dashboard stays level while approvals move to others.",
            {"applications": pd.Series(tables.application_ids(stage)[touched])},
            (f"group={scene.group_names[0]}", *(f"postcode={c}, housing=rents_flat" for c in codes)),
            {
                "group": scene.group_names[0],
                "postcodes": tuple(codes),
                "feed_change": "FC-" + str(tables.feed_number(stage)),
                "fields": ("months_at_address", "accounts_in_file"),
                "newer_model_live_utc": stage.started_utc + timedelta(seconds=scene.newer_model_s),
                "feed_switched_back_utc": stage.started_utc + timedelta(seconds=done.held_from_s)
                if np.isfinite(done.held_from_s)
                else None,
                **{name: round(value, 4) for name, value in wrong.items()},
            },
        )


def find_wrongly_rejected(stage: CreditStage, done: Played) -> NDArray[np.bool_]:
    """Find who would repay and got no loan, neither at once nor after review or appeal."""
    return np.asarray(stage.people.is_good & ~done.is_approved & ~done.is_upheld, dtype=bool)


def _measure_costs(stage: CreditStage, starts: Mapping[str, float], done: Played) -> list[Cost]:
    onset = stage.scene.onset_s
    pages = [a for a in done.alerts if a.rule == "upheld_appeals_by_group"]
    rates = [a for a in done.alerts if a.rule == "approval_rate"]
    back = starts.get("rollback_feed", np.inf)
    twice = max(0.0, DAYS * DAY_S - max(back, onset)) / DAY_S
    checks = max(0.0, (DAYS * DAY_S - max(starts.get("slice_parity_check", np.inf), onset)) / (7 * DAY_S))
    costs: dict[str, list[tuple[str, str, float]]] = {
        "slice_parity_check": [("weeks scored with two feeds", "weeks", checks)],
        "data_contract": [("applications filled with a usual value", "decisions", int(done.is_filled.sum()))],
        "human_review": [("review time", "hours", done.reviewed * REVIEW_MIN / 60.0)],
        "monitor_by_group": [
            ("pages", "alarms", len(pages)),
            ("pages before the onset", "alarms", sum(a.fired_s < onset for a in pages)),
        ],
        "fixed_cutoff": [
            ("pages on the approval rate", "alarms", len(rates)),
            ("pages before the onset", "alarms", sum(a.fired_s < onset for a in rates)),
        ],
        "rollback_feed": [("days with two feeds paid", "days", twice)],
    }
    return [Cost(name, *cost) for name in starts if name in costs for cost in costs[name]]
