"""Render, sanitise and highlight comment text, and detect its language."""
