"""What a moderator or owner does: work the queue, answer appeals, ban, handle data requests."""
