"""The public API: reading and posting without an account."""
