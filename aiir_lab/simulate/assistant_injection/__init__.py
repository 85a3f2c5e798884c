"""A support assistant with tools that obeys instructions written in customer documents."""

from aiir_lab.simulate.assistant_injection.world import AssistantInjection

__all__ = ["AssistantInjection"]
