"""Checks for clients of the Akismet protocol: spam or not, and callbacks about later verdicts.

A site's client sends a comment that the site stores itself. In *check* mode it is answered, and
only a fingerprint is stored. In *queue* mode a comment that the rules hold enters our review
queue, and the moderator's verdict is sent to the site later (`callbacks`). A *shadow* key is
answered like any other, and our answer is stored beside the one of the site's present service
(`moderation.screening.shadow_comparison`).
"""
