"""Outgoing email: outbox, SMTP delivery, digests, announcements, bounces."""
