"""Signing in to the desk, by django-allauth: its adapters, and the pages around it.

`urls` lists which of allauth's pages there are. Those that ask who somebody is lie under
`/sign-in/`, with the strict Content-Security-Policy; those of who is signed in lie in the desk.
"""
