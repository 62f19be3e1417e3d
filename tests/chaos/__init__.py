"""Faults while comments come in, and what must be true afterwards: `make chaos`."""
