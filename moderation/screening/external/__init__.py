"""External moderators: HTTPS endpoints that are asked about comments before the rules decide."""
