"""A payment company whose fraud model learns from labels that a fraud ring sends."""

from __future__ import annotations

from aiir_lab.simulate.fraud_poisoning.world import FraudPoisoning

__all__ = ["FraudPoisoning"]
