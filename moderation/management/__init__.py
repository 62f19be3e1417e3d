"""Door: what operators run on a command line."""
