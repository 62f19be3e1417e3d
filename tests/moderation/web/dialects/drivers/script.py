"""What every driver says to the service: two comments, and where the service is."""

import json
import os
import sys
from typing import Any

PORT = int(os.environ.get("PORT", "0"))
KEY = os.environ.get("KEY", "")
BLOG = "https://gazette.example"
ADDRESS = "198.51.100.7"
AGENT = "Mozilla/5.0"
GOOD = "Thank you, this helped me to repair the roof."
SPAM = (
    "Buy cheap viagra and cialis online, no prescription, best price,"
    " click http://cheap-pills.example/buy now!!!"
)
INSULT = "You are a stupid idiot."
TESTER = "akismet-guaranteed-spam"
WRONG_KEY = "abcabcabcabc"


def tell(seen: dict[str, Any]) -> None:
    """Print what the client was told, for the test to read."""
    sys.stdout.write(f"{json.dumps(seen)}\n")
