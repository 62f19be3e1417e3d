"""The moderators' desk, on the Django admin."""
