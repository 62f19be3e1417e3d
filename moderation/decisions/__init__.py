"""The only writer of decisions and of comment statuses."""
