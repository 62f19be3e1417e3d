"""The plugin API, for sites' own servers, which authenticate with API keys."""
