"""Incident worlds with a real model inside, planted truth, controls, replay and attribution."""

from __future__ import annotations

from aiir_lab.records.rooms import make_callable
from aiir_lab.simulate.attribution import attribute, measure_interactions, measure_subsets
from aiir_lab.simulate.controls import Control, Cost, Plan
from aiir_lab.simulate.harm import Harm
from aiir_lab.simulate.incident import Incident, incident_files, open_incident, read_manifest
from aiir_lab.simulate.looking import Look, Looks
from aiir_lab.simulate.replay import replay
from aiir_lab.simulate.run import Run, simulate
from aiir_lab.simulate.truth import GroundTruth, Planted
from aiir_lab.simulate.world import list_worlds
from aiir_lab.simulate.write import Written, write_tables

__all__ = [
    "Control",
    "Cost",
    "GroundTruth",
    "Harm",
    "Incident",
    "Look",
    "Looks",
    "Plan",
    "Planted",
    "Run",
    "Written",
    "attribute",
    "incident_files",
    "list_worlds",
    "measure_interactions",
    "measure_subsets",
    "open_incident",
    "read_manifest",
    "replay",
    "simulate",
    "write_tables",
]

make_callable(__name__, function="simulate")
