"""Threads of comments: reading in pages, cursors, votes, search, subscriptions."""
