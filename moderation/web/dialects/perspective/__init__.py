"""The Perspective API (Comment Analyzer v1alpha1), for clients of a service that ends.

The scores are those of our own classifier: thresholds must be set anew. Perspective is Google's
mark; this is a compatible service, and no part of theirs.
"""
