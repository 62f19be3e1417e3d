"""Desk pages for sites, members, API keys, webhooks, mail and transfers."""
