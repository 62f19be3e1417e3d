"""The review queue: filters, claims, decisions by moderators, bulk jobs, decisions by mail."""
