"""Imports and exports as background jobs."""
