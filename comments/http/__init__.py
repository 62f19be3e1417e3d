"""What every HTTP door shares: problems, parsing, pages, idempotency, the caller's address."""
