"""PagerDuty as the desk speaks it: Events API v2 and REST API v2."""
