"""What is measured about moderation: statistics, transparency report, queue alerts."""
