"""Keep tokens, links, keys, passwords and what was searched for out of logs, whoever writes them.

Every log record of a process passes `redact`, before any handler has it: those of Django, of the
web servers' access logs (path, query, Referer), of Celery and of our own. What opens something is
recognised by where it stands (`PATHS`, `PARAMETERS`, `SEARCHES`), and by its form; a test walks the
URL conf, so that a new URL with a token is in `PATHS`.
"""

import json
import logging
import logging.config
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

REDACTED = "[redacted]"
# Paths before a token in a URL.
PATHS = (
    "status",
    "desk",
    "email/confirm",
    "email/person",
    "email/unsubscribe",
    "sign-in/forgotten",
    "sign-in/invitation",
)
# What follows the last of these that is no token.
NO_TOKEN = r"(?!(?:sent|done)/?(?:[\s\"'?#]|$))"
# Query parameters and form fields that open something.
PARAMETERS = (
    "own",
    "edit_token",
    "form_token",
    "reader_token",
    "token",
    "sign_on",
    "api_key",
    "password",
    "sentinel_password",
    "secret",
    "code",
)
# And those that name people: addresses, and what moderators search for.
SEARCHES = ("email", "q")
SEARCH = r"[^\s\"#&]+"
TOKEN = r"[^\s\"'<>?#&,;)\]}]+"
RULES = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (rf"((?:^|/)(?:{'|'.join(PATHS)})/){NO_TOKEN}{TOKEN}", rf"\1{REDACTED}"),
        (rf"(?i)([?&](?:{'|'.join(PARAMETERS)})=){TOKEN}", rf"\1{REDACTED}"),
        (rf"(?i)([?&](?:{'|'.join(SEARCHES)})=){SEARCH}", rf"\1{REDACTED}"),
        # A page of a reader is named by `key`, too; that of a program is its own.
        (
            r"(?i)(/(?:v1alpha1|1\.[12])/[^\s\"'?]{0,60}\?(?:[^\s\"'#]{0,300}&)?key=)" + TOKEN,
            rf"\1{REDACTED}",
        ),
        # Signatures of Django, in a URL as well as beside one.
        (r"(?<![\w.~-])[\w.~-]++(?:(?::|%3A)[\w-]+)?(?::|%3A)[\w-]{43}(?![\w-])", REDACTED),
        # Fernet, JWT, and our API keys.
        (r"(?<![\w-])gAAAA[\w-]{40,}={0,2}", REDACTED),
        (r"(?<![\w-])eyJ[\w-]++\.[\w-]++\.[\w-]*", REDACTED),
        (r"\blar_[a-z0-9_]{16,}", f"lar_{REDACTED}"),
        (r"(?i)\b(Token|Bearer|Basic) (?=\S*[\d=])[\w.~+/=-]{12,}", rf"\1 {REDACTED}"),
        # Credentials of a URL, such as the broker's.
        (r"(://[^\s/:@]*:)[^\s/@]+@", rf"\1{REDACTED}@"),
    )
]


def redact(text: str) -> str:
    """Return a text of a log without what opens something."""
    for pattern, replacement in RULES:
        text = pattern.sub(replacement, text)
    return text


class RedactedRecord(logging.LogRecord):
    """A log record whose message and arguments are redacted where they are made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unredacted = (self.msg, self.args)
        if not self.args:
            # With arguments it is a format, which is redacted once it is filled in.
            self.msg = _redacted(self.msg)
        elif isinstance(self.args, Mapping):
            self.args = {name: _redacted(value) for name, value in self.args.items()}
        else:
            self.args = tuple(_redacted(value) for value in self.args)

    def getMessage(self) -> str:  # noqa: N802 - logging's
        """Return the message without tokens, also where format and arguments make up one.

        With `extra={"for_operators": True}` it stays as it is: a link that an operator has to open.
        """
        if getattr(self, "for_operators", False):
            message, arguments = self.unredacted
            return str(message % arguments if arguments else message)
        return redact(super().getMessage())


class RedactingFormatter(logging.Formatter):
    """Formats records with tracebacks that are redacted, too."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a traceback that another handler has formatted is kept in the record."""
        if record.exc_text:
            record.exc_text = redact(record.exc_text)
        return super().format(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's
        """Return a traceback without tokens."""
        return redact(super().formatException(ei))


def configure(config: dict[str, Any]) -> None:
    """Set logging up (`LOGGING_CONFIG`), with every record of the process redacted."""
    logging.setLogRecordFactory(RedactedRecord)
    logging.config.dictConfig(config)


def _redacted(value: Any) -> Any:
    """Return a value of a record; another type than text only where its text tells something."""
    if isinstance(value, str):
        return redact(value)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    try:
        text = str(value)
    except Exception:
        return value
    clean = redact(text)
    return value if clean == text else clean


class JsonFormatter(RedactingFormatter):
    """Formats a record as a line of JSON, for programs that gather logs."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line: `at`, `level`, `logger`, `message`, and what else there is."""
        # Formatting as a line redacts the traceback, and leaves it in the record.
        super().format(record)
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", ""),
            "error": record.exc_text,
        }
        return json.dumps({name: value for name, value in line.items() if value}, default=str)


def logging_settings(level: str, form: str = "text") -> dict[str, Any]:
    """Return Django's LOGGING: lines to standard error, redacted, from `level` on.

    `form` is `text`, or `json` for a line of JSON each.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": "config.request_ids.AddRequestId"}},
        "formatters": {
            "text": {
                "()": "config.log_redaction.RedactingFormatter",
                "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
            },
            "json": {"()": "config.log_redaction.JsonFormatter"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": form,
                "filters": ["request_id"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
    }
