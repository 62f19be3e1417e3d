"""Email addresses at rest, and the tokens and signed links that stand in for accounts."""
