"""Desk pages for statistics, the audit log and queue alerts."""
