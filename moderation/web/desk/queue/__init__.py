"""Desk pages of the review queue and of single comments."""
