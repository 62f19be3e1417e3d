"""The Akismet API, versions 1.1 and 1.2, for WordPress and other clients.

Akismet is a trademark of Automattic; this is a compatible service, and not affiliated with them.
"""
