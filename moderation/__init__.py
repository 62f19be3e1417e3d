"""What was decided about comments, and why."""
