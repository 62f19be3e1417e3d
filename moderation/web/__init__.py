"""Entry points over HTTP: one package for each audience, with its templates and static files."""
