"""Doors that speak what plugins already speak: one dialect each, thin, over our own verbs."""
