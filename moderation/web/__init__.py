"""Every door: one package for each audience, with its own templates and static files."""
