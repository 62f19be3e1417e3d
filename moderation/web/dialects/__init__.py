"""APIs compatible with other services' clients: Akismet, Perspective, OpenAI, Coral."""
