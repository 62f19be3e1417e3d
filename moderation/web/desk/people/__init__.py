"""Desk pages for authors, bans, reports and appeals."""
