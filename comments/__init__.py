"""What people wrote, and where."""
