"""Automated screening: run the checks, score, and record what the policy decides."""
