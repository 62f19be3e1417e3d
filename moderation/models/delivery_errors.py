"""Why a delivery failed: the sentences that `last_error` may have, and their translation."""

from django.utils.translation import gettext_noop

from comments.text.stored_sentences import translated

WORKER_DIED = gettext_noop("The last attempt did not end: its worker died.")
# Requests.
NOT_TRUSTED = gettext_noop("Its certificate is not trusted: %(why)s.")
NOT_LISTENING = gettext_noop("Nothing listens there: the connection was refused.")
NO_ANSWER = gettext_noop("It did not answer in time.")
NOT_CONNECTED = gettext_noop("The connection failed: %(error)s")
NO_ADDRESS = gettext_noop("That is no address: %(error)s")
NOT_HTTP = gettext_noop("Only http and https addresses can be asked.")
WITH_PASSWORD = gettext_noop("An address with a user name or password in it can't be asked.")
NOT_HTTPS = gettext_noop("Use https: what is sent must not be read on its way.")
UNKNOWN_HOST = gettext_noop("The host %(host)s is not known.")
PRIVATE = gettext_noop("The host %(host)s is at a private address.")
ANSWERED = gettext_noop("The receiver answered %(status)s.")
SECRET_LOST = gettext_noop("The signing secret can't be decrypted: rotate it.")
SWITCHED_OFF = gettext_noop("Switched off.")
# External moderators.
UNREADABLE = gettext_noop("Its answer can't be read: %(error)s")
# Messengers.
NOT_TAKEN = gettext_noop(
    "The messenger did not take the message: look whether the address is right."
)
UNKNOWN_SCHEME = gettext_noop("An address begins with one of %(schemes)s.")
UNKNOWN_PARAMETER = gettext_noop("The parameter %(name)s can't be used here.")
PARTIAL = gettext_noop("That is no whole address of %(messenger)s.")
# Mails.
SUPPRESSED = gettext_noop("The address is suppressed.")
SERVER_REFUSED = gettext_noop("The mail server refused the connection.")
SERVER_SILENT = gettext_noop("The mail server did not answer in time.")
SERVER_UNKNOWN = gettext_noop("The host of the mail server is not known.")
SIGN_IN_REFUSED = gettext_noop("The mail server refused the user name or the password.")
ADDRESS_LOST = gettext_noop("The address can't be decrypted any more: its key is lost.")

SENTENCES = (
    WORKER_DIED,
    NOT_TRUSTED,
    NOT_LISTENING,
    NO_ANSWER,
    NOT_CONNECTED,
    NO_ADDRESS,
    NOT_HTTP,
    WITH_PASSWORD,
    NOT_HTTPS,
    UNKNOWN_HOST,
    PRIVATE,
    ANSWERED,
    SECRET_LOST,
    SWITCHED_OFF,
    UNREADABLE,
    NOT_TAKEN,
    UNKNOWN_SCHEME,
    UNKNOWN_PARAMETER,
    PARTIAL,
    SUPPRESSED,
    SERVER_REFUSED,
    SERVER_SILENT,
    SERVER_UNKNOWN,
    SIGN_IN_REFUSED,
    ADDRESS_LOST,
)


def in_words(error: str) -> str:
    """Return a stored error in the language of who reads it; what another server said stays."""
    return translated(error, SENTENCES)
