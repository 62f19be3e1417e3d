"""A typed client of Leave a Reply's API for sites' own servers."""

from leave_a_reply_client.client import Client, Refused

__all__ = ["Client", "Refused"]
