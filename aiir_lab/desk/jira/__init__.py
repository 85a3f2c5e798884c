"""Jira REST 2, 3 and latest: action items with due dates, owners, transitions and JQL."""
