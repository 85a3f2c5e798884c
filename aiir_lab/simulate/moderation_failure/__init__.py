"""An outdated content filter, new spellings during a news event, and an alert that comes late."""

from aiir_lab.simulate.moderation_failure.world import ModerationFailure

__all__ = ["ModerationFailure"]
