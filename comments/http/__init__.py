"""What every HTTP API shares: errors, validation, filters, pagination, idempotency, rate limits."""
