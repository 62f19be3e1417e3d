"""Which database is read: the primary, or where one is set, a streaming replica of it."""
