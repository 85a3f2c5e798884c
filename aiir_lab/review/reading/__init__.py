"""Post-mortems as people write them, read into records."""

from aiir_lab.review.reading.document import ReadPostmortem, read_postmortem

__all__ = ["ReadPostmortem", "read_postmortem"]
