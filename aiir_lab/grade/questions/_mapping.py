"""Whether a subcategory of the NIST AI RMF fits what it is mapped to, and whether the reason given holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from aiir_lab.catalog.rmf import load_rmf
from aiir_lab.records import NotFoundError, check_atlas_id, check_rmf_id
from aiir_lab.review.phrasing import stems
from aiir_lab.simulate import Run

FEWEST_WORDS = 6
"""Content words of a reason; fewer name a thing and give no reason."""

_COPIED = 0.6
"""Share of a reason's words that stand in the description: above it, the description was copied."""

# Words that stand in so many descriptions that they tell none apart.
_EVERYWHERE = frozenset(
    stems(
        "AI system risk risks document process policies practice practices define assess evaluate impact "
        "impacts outcome outcomes manage organisation team actors regularly plan measure results people"
    )
)

# For each control what a reader of the Core could defend that its absence shows as weak; the first fits best.
FITS: dict[str, tuple[str, ...]] = {
    # data and feedback
    "provenance_gate": ("MAP 4.1", "GOVERN 6.1", "MANAGE 3.1", "MEASURE 2.7", "MAP 4.2"),
    "cohort_check": ("MEASURE 2.4", "MEASURE 3.1", "MEASURE 2.7", "GOVERN 5.2"),
    "rate_limit": ("MEASURE 2.7", "MAP 4.2", "GOVERN 6.1", "MANAGE 3.1"),
    "freeze_feedback": ("MANAGE 2.4", "MANAGE 2.3", "GOVERN 5.2"),
    "data_contract": ("MANAGE 3.1", "MAP 4.1", "GOVERN 6.1", "GOVERN 6.2", "MEASURE 2.4"),
    "diverse_training_set": ("MAP 2.3", "MEASURE 2.5", "MEASURE 2.11", "MAP 2.2"),
    # before a release
    "golden_canary": ("MEASURE 2.13", "MEASURE 2.3", "MEASURE 2.1", "MANAGE 1.1"),
    "slice_check": ("MEASURE 2.11", "MEASURE 2.3", "MEASURE 2.5", "MANAGE 1.1"),
    "slice_parity_check": ("MEASURE 2.11", "MEASURE 2.3", "MANAGE 3.1", "MANAGE 1.1"),
    "staged_rollout": ("MANAGE 1.1", "MEASURE 2.3", "MANAGE 4.1", "MEASURE 2.6"),
    "red_team_set": ("MEASURE 2.7", "MEASURE 2.6", "GOVERN 4.3"),
    "filter_refresh": ("MANAGE 4.2", "MANAGE 4.1", "MEASURE 1.2", "GOVERN 1.5", "MANAGE 2.2"),
    "spelling_normaliser": ("MEASURE 2.7", "MANAGE 4.2", "MEASURE 2.6"),
    "frequent_retraining": ("MANAGE 4.2", "MANAGE 2.2", "GOVERN 1.5", "MANAGE 4.1"),
    "shadow_model": ("MANAGE 2.1", "MEASURE 2.3", "MEASURE 2.5", "MANAGE 2.2"),
    # while it runs
    "alert_routing": ("MEASURE 2.4", "MEASURE 3.1", "MANAGE 4.1"),
    "drift_alert": ("MEASURE 2.4", "MEASURE 3.1", "MANAGE 4.1"),
    "monitor_by_group": ("MEASURE 2.11", "MEASURE 3.1", "MEASURE 2.4", "MEASURE 3.3"),
    "fixed_cutoff": ("MEASURE 2.4", "MEASURE 2.13", "MEASURE 1.2"),
    "fast_appeals": ("MEASURE 3.3", "MANAGE 4.1", "GOVERN 5.1", "GOVERN 5.2"),
    "safety_stock": ("MANAGE 1.3", "MAP 3.2", "MANAGE 2.2"),
    # people decide
    "human_review": ("MAP 3.5", "GOVERN 3.2", "MAP 2.2"),
    "human_approval": ("MAP 3.5", "GOVERN 3.2", "MAP 2.2"),
    "manual_override": ("MANAGE 2.4", "GOVERN 3.2", "MAP 3.5", "MANAGE 4.1"),
    "on_call_switch": ("MANAGE 2.4", "MANAGE 2.3", "GOVERN 2.1"),
    # going back and switching off
    "auto_rollback": ("MANAGE 2.4", "MANAGE 2.3", "MEASURE 2.6", "MANAGE 4.1"),
    "rollback_model": ("MANAGE 2.4", "MANAGE 2.3", "MANAGE 4.1"),
    "rollback_feed": ("MANAGE 2.4", "GOVERN 6.2", "MANAGE 3.1", "MANAGE 2.3"),
    "kill_switch": ("MANAGE 2.4", "MANAGE 2.3"),
    "safe_mode": ("MANAGE 2.4", "MANAGE 2.3", "MEASURE 2.6"),
    "pause_suppression": ("MANAGE 2.4", "MANAGE 2.3"),
    "relist_affected": ("MANAGE 2.3", "MANAGE 4.3", "MANAGE 4.1"),
    "confidence_floor": ("MEASURE 2.6", "MAP 2.2", "MEASURE 2.5"),
    # an assistant that acts
    "input_provenance": ("MEASURE 2.7", "MAP 4.2", "MAP 3.3"),
    "tool_allowlist": ("MAP 3.3", "MEASURE 2.7", "MAP 4.2"),
    "injection_filter": ("MEASURE 2.7", "MEASURE 2.6", "MAP 4.2"),
    "refund_limit": ("MANAGE 1.3", "MAP 1.5", "MAP 4.2", "MEASURE 2.6"),
}


class Mapped(BaseModel):
    """One subcategory with the reason for it."""

    model_config = ConfigDict(extra="forbid")

    rmf: str | None = None
    why: str | None = None


def exists(id: str) -> bool:
    """Whether this is one of the 72."""
    try:
        check_rmf_id(id)
    except NotFoundError:
        return False
    return True


def fits(id: str | None, controls: Iterable[str]) -> bool | str:
    """Whether a subcategory speaks about what one of the controls would have changed."""
    if id is None:
        return "Nothing given."
    try:
        standard = check_rmf_id(id)
    except NotFoundError as error:
        return str(error)
    if any(standard in FITS.get(control, ()) for control in controls):
        return True
    return f"{standard} speaks about something else; read its description again."


def reasoned(mapped: Mapped, about: Sequence[str]) -> bool | str:
    """Whether the reason ties what the subcategory asks for to what happened.

    Parameters
    ----------
    mapped : Mapped
    about : sequence of str
        Texts of the other end: the cause, its evidence, what was missing.
    """
    if not mapped.rmf or not exists(mapped.rmf):
        return "There is no such subcategory to give a reason for."
    said = stems(mapped.why or "")
    if len(said) < FEWEST_WORDS:
        return f"{mapped.rmf}: a reason takes a sentence of {FEWEST_WORDS} words or more that say something."
    asked = set(stems(_description(mapped.rmf)))
    if sum(word in asked for word in said) > _COPIED * len(said):
        return f"{mapped.rmf}: that is its description; say what of it was missing here."
    own = asked - _EVERYWHERE
    if len(own & set(said)) < (1 if len(own) <= 3 else 2):
        return f"{mapped.rmf}: the reason does not take up what it asks for ({_description(mapped.rmf)})"
    there = set(stems(" ".join(about).replace("_", " "))) - asked
    if len(there & set(said)) < 2:
        return f"{mapped.rmf}: the reason does not say where in the incident it was missing."
    return True


def mitigations_named(given: Mapping[str, str | None], *, run: Run, controls: Sequence[str]) -> bool | str:
    """Whether each control of a plan has the ATLAS mitigation that it is, and nothing else has one."""
    for control in controls:
        named, wanted = given.get(control), run.control(control).references
        try:
            id = check_atlas_id(named) if named else None
        except NotFoundError as error:
            return str(error)
        if wanted and id not in wanted:
            return f"{control}: {id or 'nothing'} is not the mitigation that it is."
        if not wanted and id:
            return f"{control}: {id} is against an adversary; this control is not."
    extra = set(given) - set(controls)
    return not extra or f"The plan has no {', '.join(sorted(extra))}."


def _description(id: str) -> str:
    standard = check_rmf_id(id)
    return next(item.description for item in load_rmf().subcategories if item.id == standard)
