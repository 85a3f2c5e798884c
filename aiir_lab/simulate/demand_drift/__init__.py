"""A forecaster of fresh goods is overtaken by a change in the world that the dashboard averages away."""

from aiir_lab.simulate.demand_drift.world import DemandDrift

__all__ = ["DemandDrift"]
