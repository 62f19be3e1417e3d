"""What the environment sets: every variable parsed by type and range before anything starts."""
