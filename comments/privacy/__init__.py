"""Encrypt email addresses, and sign the tokens and links that stand in for accounts."""
