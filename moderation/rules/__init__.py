"""Pure decision rules: verdicts, their sets, and word lists. No Django, clock or database."""
