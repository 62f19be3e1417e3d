"""Door: the review API, for moderators' tools."""
