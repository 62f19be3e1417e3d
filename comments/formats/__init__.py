"""The door for comments that move: one file for each format, in and out."""
