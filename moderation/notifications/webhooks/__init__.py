"""Outgoing webhooks: events, endpoints, signatures, delivery through the safe HTTP client."""
