"""Authors, reports and appeals by readers, bans, data subject requests, API keys."""
