"""Backups: every row of the database in one file, whichever database it comes from or goes to."""
