"""A site's policy: its revisions, simulation on past comments, and calibration of thresholds."""
