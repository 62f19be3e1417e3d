"""Threads and what readers do with them: read, vote, search, subscribe."""
