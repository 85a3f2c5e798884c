"""Monitors and rollback: detectors, alert rules, a model registry, and what they are worth.

A monitor is anything that can be called with the tables visible so far and the time; a plain
function will do. :func:`evaluate_monitor` tries it on many seeds of an incident world and on the same
worlds without the incident: how late it is, how many false alarms it costs a week, and how
much harm is avoided when its alarm leads to a response. Harm avoided is measured by replay.

    from datetime import timedelta
    from aiir_lab.monitor import AlertRule, evaluate_monitor, ready_monitors

    def many_chargebacks(tables, now):
        recent = tables["chargebacks"]["received_utc"] > now - timedelta(days=7)
        return recent.sum() > 60

    done = evaluate_monitor(
        {"mine": many_chargebacks, **ready_monitors("fraud_poisoning")},
        scenario="fraud_poisoning", seeds=range(20), response="rollback_model",
    )
    done.summary                      # medians and worst seeds
    aiir_lab.view.draw_tradeoff(done)

========================  ===============================================================
`alarm.py`                `Alarm`, the `Monitor` protocol
`rule.py`                 `AlertRule`: threshold, for how long, cooldown, routing delay
`watching.py`             `watch`: a monitor over one run, on what was visible at each time
`drift.py`                `PopulationDrift`: PSI, Kolmogorov-Smirnov
`rates.py`                `SliceRates`, `FairnessSlices`
`sources.py`              `SourceDisagreement`: each source against trusted labels, in sum
`change.py`               `ChangePoint` (CUSUM, Page-Hinkley), `Streaming` (river's detectors)
`canary.py`               `GoldenSet`: the newest version on labels from elsewhere
`combine.py`              `any_of`, `all_of`
`ready.py`, `rows.py`     `ready_monitors`, `reference_policy`: set up for the tables of a world
`registry.py`             `ModelRegistry`: lineage, promote, roll back, verify
`rollback.py`             `RollbackPolicy`: which version, from when; its effect by replay
`evaluation.py`           `evaluate_monitor`, `Evaluation`
`attempts.py`             `keep_attempt`, `read_attempts`: a leaderboard of one
`recorded.py`             `alarm_times`: on recorded tables, for graders
========================  ===============================================================

The statistics are a dozen lines each, so that a learner can read what fires. Detectors of river
come in by `Streaming`, without being needed here.
"""

from __future__ import annotations

from aiir_lab.monitor.alarm import Alarm, Monitor
from aiir_lab.monitor.attempts import keep_attempt, read_attempts
from aiir_lab.monitor.canary import GoldenSet
from aiir_lab.monitor.change import ChangePoint, Streaming
from aiir_lab.monitor.combine import all_of, any_of
from aiir_lab.monitor.drift import PopulationDrift, measure_psi
from aiir_lab.monitor.evaluation import Evaluation, evaluate_monitor
from aiir_lab.monitor.rates import FairnessSlices, SliceRates
from aiir_lab.monitor.ready import ReferencePolicy, ready_monitors, reference_policy
from aiir_lab.monitor.registry import ModelRegistry, ModelVersion, Verification
from aiir_lab.monitor.rollback import RollbackPolicy
from aiir_lab.monitor.rule import AlertRule
from aiir_lab.monitor.sources import SourceDisagreement
from aiir_lab.monitor.watching import alarm_frame, watch

__all__ = [
    "Alarm",
    "AlertRule",
    "ChangePoint",
    "Evaluation",
    "FairnessSlices",
    "GoldenSet",
    "ModelRegistry",
    "ModelVersion",
    "Monitor",
    "PopulationDrift",
    "ReferencePolicy",
    "RollbackPolicy",
    "SliceRates",
    "SourceDisagreement",
    "Streaming",
    "Verification",
    "alarm_frame",
    "all_of",
    "any_of",
    "evaluate_monitor",
    "keep_attempt",
    "measure_psi",
    "read_attempts",
    "ready_monitors",
    "reference_policy",
    "watch",
]
