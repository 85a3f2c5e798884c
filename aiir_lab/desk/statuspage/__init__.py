"""Statuspage: the v1 API for its operators, and the public page with its JSON for everybody."""
