"""How a comment comes in: from a reader, from an Akismet client, from an import."""
