"""Management commands for operators, and scheduled maintenance."""
