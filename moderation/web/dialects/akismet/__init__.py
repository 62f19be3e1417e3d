"""The Akismet protocol, 1.1 and 1.2: for WordPress and everything else that speaks it.

Akismet is Automattic's mark; this is a compatible service, and no part of theirs.
"""
