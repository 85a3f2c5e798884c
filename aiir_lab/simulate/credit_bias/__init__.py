"""A credit score whose errors fall on one group after a bureau feed was changed."""

from aiir_lab.simulate.credit_bias.world import CreditBias

__all__ = ["CreditBias"]
