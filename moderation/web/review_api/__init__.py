"""The review API, for moderators' tools."""
