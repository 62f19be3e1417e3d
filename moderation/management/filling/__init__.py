"""Synthetic comments in any number, to see how an installation behaves when it is large."""
