"""The door for sites' own servers: the plugin API, opened by keys."""
