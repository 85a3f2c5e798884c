"""Opsgenie's Alert API v2, and the same under Jira Service Management's integration-events path."""
