"""Desk pages of the review queue, of single comments and of bulk decisions."""
