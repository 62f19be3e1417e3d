"""Desk pages for the policy: edit, simulate, calibrate."""
