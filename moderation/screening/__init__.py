"""Automated screening: run the checks, score, and record the verdict of the site's policy."""
