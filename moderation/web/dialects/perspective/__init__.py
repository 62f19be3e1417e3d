"""The Perspective API (Comment Analyzer v1alpha1), for clients of a service that is shut down.

The scores are those of our own classifier: thresholds must be set anew. Perspective is a trademark
of Google; this is a compatible service, and not affiliated with them.
"""
