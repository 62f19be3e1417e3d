"""Everything that leaves the installation: webhooks and email."""
