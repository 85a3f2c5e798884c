"""What responders of `credit_bias` could see, written from what happened."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from aiir_lab.simulate.clock import to_utc
from aiir_lab.simulate.credit_bias.applicants import DAY_S, DAYS, HOUSING, CreditStage
from aiir_lab.simulate.credit_bias.pipeline import CUTOFF_DAYS, Played
from aiir_lab.simulate.credit_bias.scoring import OLDER_ROWS, score
from aiir_lab.simulate.randomness import draw_stream

END_S = float(DAYS * DAY_S)
OUTCOME_S = 45.0 * DAY_S
HOW = np.array(["auto", "audit", "reviewed"], dtype=object)
ANSWER_DAYS = 15
DUTIES = (
    ("report a serious incident to the market surveillance authority",
     "EU AI Act, Regulation (EU) 2024/1689, Art. 73(2)", "awareness of a (reasonably likely) causal link", 15,
     "Scoring of creditworthiness is in Annex III 5(b). From when it binds us: counsel decides. "
     "A first report may be incomplete (73(5))."),
    ("do not alter the system in a way that affects the analysis of causes before telling the authority",
     "EU AI Act, Art. 73(6)", "the incident", 0, "Snapshot before rollback; call counsel."),
    ("inform the provider of the scoring system", "EU AI Act, Art. 26(5)", "awareness, as deployer", 0,
     "We built the score ourselves; it applies to the branch partners who use it."),
    ("answer a complaint in writing", "our own rule", "receipt", ANSWER_DAYS, "Say what is known."),
)  # fmt: skip


def application_ids(stage: CreditStage) -> NDArray[np.int64]:
    """Number the applications in order of time."""
    return 100_001 + np.arange(len(stage.second))


def feed_number(stage: CreditStage) -> int:
    """Number of the change that brought the new bureau feed."""
    return 40 + int(stage.scene.onset_s // DAY_S)


def _at(stage: CreditStage, second: Any) -> Any:
    seconds = np.round(np.asarray(second, dtype=float))
    return pd.Timestamp(stage.started_utc) + pd.to_timedelta(seconds, "s")


def list_tables(stage: CreditStage, done: Played) -> dict[str, pd.DataFrame]:
    """Build all tables."""
    people, scene, ids = stage.people, stage.scene, application_ids(stage)
    received = to_utc(stage.started_utc, stage.second)
    appealed, audited = _within(done.appealed_s), np.flatnonzero((done.how == 1) & _known(stage))
    order = appealed[np.argsort(done.appealed_s[appealed], kind="stable")]
    group = _declare(stage, order, 0.7)
    decided = order[done.decided_s[order] < END_S]
    # Appeals are numbered by their application: the same in every replay.
    other = np.array(["income_usd", "debt_ratio"], dtype=object)[
        (stage.noise["desk"][decided] * 1e4).astype(int) % 2
    ]
    field = np.where(
        done.is_data_wrong[decided], "accounts_in_file", np.where(done.is_upheld[decided], other, None)
    )
    early = stage.noise["early_sign"][audited] < 0.9
    return {
        "applications": pd.DataFrame(
            {
                "application_id": ids,
                "received_utc": received,
                "postcode": np.array(scene.postcodes, dtype=object)[people.area],
                "housing": np.array(HOUSING, dtype=object)[people.housing],
                "income_usd": done.fields[:, 0],
                "debt_ratio": done.fields[:, 1],
                "late_payments": done.fields[:, 2],
                "months_at_address": done.fields[:, 3],
                "accounts_in_file": done.fields[:, 4],
            }
        ),
        "decisions": pd.DataFrame(
            {
                "application_id": ids,
                "decided_utc": to_utc(
                    stage.started_utc, stage.second + np.where(done.how == 2, 3 * DAY_S, 20)
                ),
                "model_version": np.where(done.version == 1, "score-8", "score-7").astype(object),
                "score": done.score,
                "cutoff": done.cutoff,
                "decision": np.where(done.is_approved, "approve", "reject").astype(object),
                "how": HOW[done.how],
            }
        ),
        "appeals": pd.DataFrame(
            {
                "appeal_id": 5_001 + order,
                "received_utc": _at(stage, done.appealed_s[order]),
                "application_id": ids[order],
                "declared_group": group,
            }
        ),
        "appeal_decisions": pd.DataFrame(
            {
                "appeal_id": 5_001 + decided,
                "decided_utc": _at(stage, done.decided_s[decided]),
                "upheld": done.is_upheld[decided],
                "corrected_field": field,
            }
        ),
        "audit_outcomes": pd.DataFrame(
            {
                "application_id": ids[audited],
                "known_utc": _at(stage, stage.second[audited] + OUTCOME_S),
                "paid_first_instalments": np.where(early, people.is_good[audited], ~people.is_good[audited]),
                "declared_group": _declare(stage, audited, 0.9),
            }
        ),
        "dashboard": _list_dashboard(stage, done),
        "alerts": _list_alerts(stage, done),
        "feed_changes": _list_changes(stage, done),
        "model_registry": _list_versions(stage),
        "duties": pd.DataFrame(
            DUTIES, columns=["duty", "basis", "counted_from", "within_days", "note"]
        ),
        "complaints": _list_complaints(stage, done),
        "tickets": _list_tickets(stage),
    }  # fmt: skip


def _within(second: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.flatnonzero(np.nan_to_num(second, nan=np.inf) < END_S)


def _known(stage: CreditStage) -> NDArray[np.bool_]:
    return np.asarray(stage.second + OUTCOME_S < END_S, dtype=bool)


def _declare(stage: CreditStage, rows: NDArray[np.int64], share: float) -> NDArray[Any]:
    mine, others = stage.scene.group_names
    group: NDArray[Any] = np.where(stage.people.in_group[rows], mine, others).astype(object)
    group[stage.noise["declares"][rows] >= share] = None
    return group


def _list_dashboard(stage: CreditStage, done: Played) -> pd.DataFrame:
    day = (stage.second // DAY_S).astype(int)
    rows = []
    for night in range(CUTOFF_DAYS - 1, DAYS):
        week = (day > night - CUTOFF_DAYS) & (day <= night)
        rows.append(
            {
                "night_utc": _at(stage, (night + 1) * DAY_S - 60),
                "applications": int(week.sum()),
                "approval_rate": float((done.score[week] >= done.cutoff[week]).mean()),
                "mean_score": float(done.score[week].mean()),
                "cutoff": float(done.cutoff[day == night][0]),
            }
        )
    return pd.DataFrame(rows)


def _list_alerts(stage: CreditStage, done: Played) -> pd.DataFrame:
    rng = draw_stream(stage.setting.seed, stage.setting.world, "slow answers")
    slow = np.sort(rng.uniform(DAY_S, END_S - DAY_S, 5))
    rows = [
        (s, "bureau_answers_slowly", float(v), 800.0, s + 900.0)
        for s, v in zip(slow.tolist(), rng.integers(810, 2400, 5).tolist(), strict=True)
    ]
    rows += [(a.fired_s, a.rule, a.value, a.limit, a.answered_s) for a in done.alerts]
    frame = pd.DataFrame(rows, columns=["fired", "rule", "value", "threshold", "acknowledged"])
    frame = frame.sort_values("fired", kind="stable", ignore_index=True)
    frame["alert_id"] = (frame["fired"] // 60).astype(int)
    frame["fired_utc"] = _at(stage, frame.pop("fired"))
    frame["acknowledged_utc"] = _at(stage, frame.pop("acknowledged"))
    return frame


def _list_changes(stage: CreditStage, done: Played) -> pd.DataFrame:
    """List three changes of feeds about the same weeks: one of them matters."""
    rng, onset = draw_stream(stage.setting.seed, stage.setting.world, "changes"), stage.scene.onset_s
    rows = [
        (onset - float(rng.uniform(3, 8)) * DAY_S, "payroll service", "income_usd",
         "income comes from the payroll service where the applicant agrees"),
        (onset + float(rng.uniform(3, 8)) * DAY_S, "open banking", "debt_ratio",
         "second bank joins; same fields"),
        (float(rng.uniform(2, 12)) * DAY_S, "fraud list", "none of the score", "monthly refresh"),
    ]  # fmt: skip
    if done.feed.any():
        rows.append((onset, "bureau", "months_at_address, accounts_in_file, late_payments",
                     "new bureau contract: same fields; spot check of 50 files was fine"))  # fmt: skip
    if onset < done.held_from_s < END_S and done.feed.any():
        rows.append((done.held_from_s, "bureau", "months_at_address, accounts_in_file, late_payments",
                     "back to the former bureau"))  # fmt: skip
    frame = pd.DataFrame(rows, columns=["second", "source", "fields", "note"])
    frame = frame.sort_values("second", kind="stable", ignore_index=True)
    frame["change_id"] = [f"FC-{40 + int(s // DAY_S)}" for s in frame["second"]]
    frame["at_utc"] = _at(stage, frame.pop("second"))
    return frame


def _list_versions(stage: CreditStage) -> pd.DataFrame:
    from sklearn.metrics import roc_auc_score

    rows = []
    for version, live in ((0, -180.0 * DAY_S), (1, stage.scene.newer_model_s)):
        said = score(stage, version, "training", stage.old.fields)
        count = OLDER_ROWS if version == 0 else len(said) - OLDER_ROWS // 2
        auc = float(roc_auc_score(stage.old.is_good, said))
        rows.append((f"score-{7 + version}", _at(stage, live), count, auc))
    return pd.DataFrame(rows, columns=["model_version", "live_utc", "training_rows", "test_auc_rate"])


def _list_complaints(stage: CreditStage, done: Played) -> pd.DataFrame:
    """List letters: ordinary ones, and those that come once enough people were turned away wrongly."""
    rng = draw_stream(stage.setting.seed, stage.setting.world, "complaints")
    usual = np.sort(rng.uniform(2 * DAY_S, END_S - DAY_S, 5))
    texts = ("The interest rate in the letter was not the one on the web page.",
             "I was asked for the same papers twice.", "The answer came after the date you gave me.",
             "Why does the loan cost more now?", "The form would not load on my phone.")  # fmt: skip
    rows = [(s, "customer", t) for s, t in zip(usual.tolist(), texts, strict=True)]
    hurt = np.flatnonzero(done.is_data_wrong & ~done.is_approved & (done.appealed_s < END_S))
    waits = rng.uniform(2, 6, 3)
    stories = (
        (12, "customer", "Rejected with 'no file found'. I have paid a loan back for years. Neighbours in my "
                         "building say the same happened to them."),
        (45, "tenants' association", "Members in several flats were refused within weeks, with one reason. "
                                     "We ask for numbers by postcode."),
        (90, "supervisory authority", "Please state when you became aware, how many people of which groups "
                                      "were affected, since when, and what you have done."),
    )  # fmt: skip
    scale = len(stage.second) / 24_000
    times = np.sort(done.appealed_s[hurt])
    for (number, sender, text), wait in zip(stories, waits.tolist(), strict=True):
        place = round(number * scale)
        if place < len(times):
            rows.append((float(times[place]) + wait * DAY_S, sender, text))
    frame = pd.DataFrame([r for r in rows if r[0] < END_S], columns=["second", "sender", "text"])
    frame = frame.sort_values("second", kind="stable", ignore_index=True)
    frame["complaint_id"] = (frame["second"] // 60).astype(int)
    frame["due_utc"] = _at(stage, frame["second"] + ANSWER_DAYS * DAY_S)
    frame["received_utc"] = _at(stage, frame.pop("second"))
    return frame


def _list_tickets(stage: CreditStage) -> pd.DataFrame:
    rng, onset = draw_stream(stage.setting.seed, stage.setting.world, "tickets"), stage.scene.onset_s
    rows = [
        (-120 * DAY_S, "data", "No contract on bureau fields: an empty file and a failed match look alike."),
        (-75 * DAY_S, "risk", "Fairness by group is computed once a year for the annual report. Enough?"),
        (-30 * DAY_S, "product", "The cutoff follows the target approval rate every night."),
        (onset - 6 * DAY_S, "data", "New bureau: fields have the same names. Go-live agreed."),
        (onset + float(rng.uniform(4, 8)) * DAY_S, "risk", "Approval rate on target. Closed."),
        (onset + float(rng.uniform(9, 14)) * DAY_S, "appeals", "More appeals; many bring rental contracts."),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["second", "queue", "text"])
    frame["ticket_id"] = 300 + 7 * np.arange(len(frame))
    frame["opened_utc"] = _at(stage, frame.pop("second"))
    return frame
