"""The web server: gunicorn's processes, each with waitress, which buffers slow clients."""
