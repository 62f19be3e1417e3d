"""Pure rules: verdicts and word lists. No Django, no clock, no database."""
