"""Mail providers report bounces and complaints in their formats, signed as each of them signs."""

import base64
import hashlib
import hmac
import json
import os
from typing import Any
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from config import mail_provider_keys
from config.environment.reader import Environment
from moderation.models import Suppression
from moderation.notifications.mail.bounces import HARD_BOUNCES
from moderation.web.pages.provider_webhooks import WEBHOOKS

pytestmark = pytest.mark.django_db
KEY = "key-of-the-webhook"
BASIC = "Basic " + base64.b64encode(f"anybody:{KEY}".encode()).decode()
SECRET = "a secret that the provider signs with"
EMAIL = "gone@reader.example"
SENDGRID_KEY = ec.generate_private_key(ec.SECP256R1())
SENDGRID_PUBLIC_KEY = "".join(
    SENDGRID_KEY.public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    .decode()
    .splitlines()[1:-1]
)


@pytest.fixture(autouse=True)
def keys(settings: Any) -> None:
    settings.MAIL_EVENTS_KEY = KEY
    settings.ANYMAIL = {
        "MAILERSEND_SIGNING_SECRET": SECRET,
        "MAILGUN_WEBHOOK_SIGNING_KEY": SECRET,
        "MAILTRAP_TRACKING_SECRET": SECRET,
        "MANDRILL_WEBHOOK_KEY": SECRET,
        "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY": SENDGRID_PUBLIC_KEY,
        "UNISENDER_GO_API_KEY": SECRET,
    }


# How each provider wraps an event, and signs its request: body, content type and headers.

Request = tuple[str, str, dict[str, str]]


def plain(payload: Any) -> Request:
    return json.dumps(payload), "application/json", {}


def sha256_hex(text: str, key: str) -> str:
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def amazon_ses(payload: Any, key: str = "") -> Request:
    return sns("Notification", Message=json.dumps(payload))


def sns(kind: str, **members: str) -> Request:
    body = {"Type": kind, "MessageId": "1", "TopicArn": "arn:aws:sns:eu-west-1:1:mail", **members}
    headers = {"x-amz-sns-message-type": kind, "x-amz-sns-message-id": "1"}
    return json.dumps(body), "text/plain; charset=UTF-8", headers


def mailersend(payload: Any, key: str = SECRET) -> Request:
    body = json.dumps({"type": "activity." + payload["type"], "data": payload})
    return body, "application/json", {"Signature": sha256_hex(body, key)}


def mailgun(payload: Any, key: str = SECRET) -> Request:
    signature = {"timestamp": "1", "token": "t", "signature": sha256_hex("1t", key)}
    event = {"timestamp": 1.5, **payload}
    return plain({"signature": signature, "event-data": event})


def mailtrap(payload: Any, key: str = SECRET) -> Request:
    body = json.dumps({"events": [{"timestamp": 1, "message_id": "1", **payload}]})
    return body, "application/json", {"Mailtrap-Signature": sha256_hex(body, key)}


def mandrill(payload: Any, key: str = SECRET) -> Request:
    events = json.dumps([{"ts": 1, **payload}])
    address = f"http://anybody:{KEY}@testserver/email/bounces/mandrill"
    signed = f"{address}mandrill_events{events}".encode()
    signature = base64.b64encode(hmac.new(key.encode(), signed, hashlib.sha1).digest()).decode()
    form = f"mandrill_events={quote(events)}"
    return form, "application/x-www-form-urlencoded", {"X-Mandrill-Signature": signature}


def sendgrid(payload: Any, key: Any = SENDGRID_KEY) -> Request:
    if isinstance(key, str):
        key = ec.generate_private_key(ec.SECP256R1())
    body = json.dumps([{"event": "open", "email": "other@reader.example"}, payload])
    signature = key.sign(b"1" + body.encode(), ec.ECDSA(hashes.SHA256()))
    headers = {
        "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
        "X-Twilio-Email-Event-Webhook-Timestamp": "1",
    }
    return body, "application/json", headers


def sparkpost(payload: Any, key: str = "") -> Request:
    return plain([{"msys": {}}, {"msys": {"message_event": payload}}])


def unisender_go(payload: Any, key: str = SECRET) -> Request:
    event = {"event_name": "transactional_email_status", "event_data": payload}
    content = {"auth": key, "events_by_user": [{"user_id": 1, "events": [event]}]}
    body = json.dumps(content)
    digest = hashlib.md5(body.encode()).hexdigest()
    return body.replace(key, digest), "application/json", {}


def bare(payload: Any, key: str = "") -> Request:
    return plain(payload)


SIGNED = {
    "mailersend": mailersend,
    "mailgun": mailgun,
    "mailtrap": mailtrap,
    "mandrill": mandrill,
    "sendgrid": sendgrid,
    "unisender_go": unisender_go,
}
REQUESTS = {
    **SIGNED,
    "amazon_ses": amazon_ses,
    "sparkpost": sparkpost,
    **dict.fromkeys(("brevo", "mailjet", "postmark", "resend"), bare),
}


# What each provider sends.


def ses_bounce(kind: str, member: str = "notificationType") -> dict:
    recipients = [{"emailAddress": EMAIL}]
    bounce = {"bounceType": kind, "bounceSubType": "General", "bouncedRecipients": recipients}
    return {member: "Bounce", "bounce": bounce}


def mailersend_event(kind: str) -> dict:
    return {"type": kind, "email": {"recipient": {"email": EMAIL}}}


def resend_event(kind: str, bounce: str = "") -> dict:
    data: dict[str, Any] = {"to": [EMAIL]}
    if bounce:
        data["bounce"] = {"type": bounce, "message": "sent a bounce message"}
    return {"type": kind, "created_at": "2026-01-01T00:00:00Z", "data": data}


def unisender_event(status: str, delivery: str = "") -> dict:
    return {
        "email": EMAIL,
        "status": status,
        "event_time": "2026-01-01 00:00:00",
        "delivery_info": {"delivery_status": delivery},
    }


HARD = [
    ("amazon_ses", ses_bounce("Permanent")),
    ("amazon_ses", ses_bounce("Permanent", "eventType")),
    ("brevo", {"event": "hard_bounce", "email": EMAIL}),
    ("brevo", {"event": "invalid_email", "email": EMAIL}),
    ("mailersend", mailersend_event("hard_bounced")),
    ("mailgun", {"event": "failed", "severity": "permanent", "recipient": EMAIL}),
    ("mailjet", {"event": "bounce", "email": EMAIL, "hard_bounce": True}),
    ("mailtrap", {"event": "bounce", "email": EMAIL}),
    ("mandrill", {"event": "hard_bounce", "msg": {"email": EMAIL}}),
    ("postmark", {"RecordType": "Bounce", "Type": "HardBounce", "Email": EMAIL}),
    (
        "postmark",
        {
            "RecordType": "SubscriptionChange",
            "SuppressSending": True,
            "SuppressionReason": "HardBounce",
            "Recipient": EMAIL,
        },
    ),
    ("resend", resend_event("email.bounced", "Permanent")),
    ("sendgrid", {"event": "bounce", "email": EMAIL}),
    ("sparkpost", {"type": "bounce", "bounce_class": "10", "raw_rcpt_to": EMAIL}),
    ("sparkpost", {"type": "out_of_band", "bounce_class": "30", "raw_rcpt_to": EMAIL}),
    ("unisender_go", unisender_event("hard_bounced", "err_user_unknown")),
]
COMPLAINTS = [
    (
        "amazon_ses",
        {
            "notificationType": "Complaint",
            "complaint": {"complainedRecipients": [{"emailAddress": EMAIL}]},
        },
    ),
    ("brevo", {"event": "spam", "email": EMAIL}),
    ("mailersend", mailersend_event("spam_complaint")),
    ("mailgun", {"event": "complained", "recipient": EMAIL}),
    ("mailjet", {"event": "spam", "email": EMAIL}),
    ("mailtrap", {"event": "spam", "email": EMAIL}),
    ("mandrill", {"event": "spam", "msg": {"email": EMAIL}}),
    ("postmark", {"RecordType": "SpamComplaint", "Type": "SpamComplaint", "Email": EMAIL}),
    ("resend", resend_event("email.complained")),
    ("sendgrid", {"event": "spamreport", "email": EMAIL}),
    ("sparkpost", {"type": "spam_complaint", "raw_rcpt_to": EMAIL}),
    ("unisender_go", unisender_event("spam")),
]
NEITHER = [
    ("amazon_ses", ses_bounce("Transient")),
    ("amazon_ses", {"eventType": "Open", "mail": {"destination": [EMAIL]}, "open": {}}),
    ("brevo", {"event": "soft_bounce", "email": EMAIL}),
    ("mailersend", mailersend_event("soft_bounced")),
    ("mailgun", {"event": "failed", "severity": "temporary", "recipient": EMAIL}),
    ("mailjet", {"event": "bounce", "email": EMAIL, "hard_bounce": False}),
    ("mailtrap", {"event": "soft bounce", "email": EMAIL}),
    ("mandrill", {"event": "soft_bounce", "msg": {"email": EMAIL}}),
    ("postmark", {"RecordType": "Bounce", "Type": "SoftBounce", "Email": EMAIL}),
    ("postmark", {"RecordType": "Bounce", "Type": "SpamNotification", "Email": EMAIL}),
    ("postmark", {"RecordType": "Delivery", "Recipient": EMAIL}),
    ("resend", resend_event("email.bounced", "Transient")),
    ("sendgrid", {"event": "bounce", "type": "blocked", "email": EMAIL}),
    ("sparkpost", {"type": "bounce", "bounce_class": "22", "raw_rcpt_to": EMAIL}),
    ("unisender_go", unisender_event("hard_bounced", "err_mailbox_full")),
    ("unisender_go", unisender_event("soft_bounced", "err_will_retry")),
]


def post(provider: str, request: Request, *, authorization: str = BASIC) -> Any:
    body, content_type, headers = request
    return Client(enforce_csrf_checks=True).post(
        f"/email/bounces/{provider}",
        body,
        content_type=content_type,
        headers={**headers, "Authorization": authorization},
    )


def test_there_is_a_test_for_every_provider() -> None:
    assert set(WEBHOOKS) == set(HARD_BOUNCES) == set(REQUESTS)
    for cases in (HARD, COMPLAINTS, NEITHER):
        assert {provider for provider, _ in cases} == set(WEBHOOKS)


@pytest.mark.parametrize(("provider", "payload"), HARD)
def test_a_hard_bounce_suppresses_the_address(provider: str, payload: dict) -> None:
    assert post(provider, REQUESTS[provider](payload)).json() == {"suppressed": 1}
    assert Suppression.objects.get().reason == "bounce"


@pytest.mark.parametrize(("provider", "payload"), COMPLAINTS)
def test_a_complaint_suppresses_the_address(provider: str, payload: dict) -> None:
    assert post(provider, REQUESTS[provider](payload)).json() == {"suppressed": 1}
    assert Suppression.objects.get().reason == "complaint"


@pytest.mark.parametrize(("provider", "payload"), NEITHER)
def test_anything_else_suppresses_nothing(provider: str, payload: dict) -> None:
    assert post(provider, REQUESTS[provider](payload)).json() == {"suppressed": 0}
    assert not Suppression.objects.exists()


# Who is believed


@pytest.mark.parametrize(("provider", "payload"), [case for case in HARD if case[0] in SIGNED])
def test_a_wrong_signature_is_refused(provider: str, payload: dict) -> None:
    assert post(provider, SIGNED[provider](payload, "another secret")).status_code == 401
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(("provider", "payload"), [case for case in HARD if case[0] in SIGNED])
def test_a_missing_signature_is_refused(provider: str, payload: dict) -> None:
    body, content_type, _headers = SIGNED[provider](payload)
    for member in ("signature", "auth"):
        body = body.replace(f'"{member}":', '"other":')
    assert post(provider, (body, content_type, {})).status_code == 401
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(("provider", "payload"), HARD)
def test_the_key_is_needed_beside_a_signature(provider: str, payload: dict) -> None:
    request = REQUESTS[provider](payload)
    for authorization in ("", "Basic eA==", "Bearer x"):
        response = post(provider, request, authorization=authorization)
        assert response.status_code == 401
        # Amazon SNS sends its credentials only when it is challenged.
        assert response.headers["WWW-Authenticate"].startswith("Basic")
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("provider", ["mailersend", "mailgun", "mandrill", "unisender_go"])
def test_where_the_signing_key_is_not_set_nothing_is_believed(
    provider: str, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ANYMAIL = {}
    payload = dict(HARD)[provider]
    assert post(provider, SIGNED[provider](payload)).status_code == 503
    assert "ANYMAIL_" in caplog.text
    assert not Suppression.objects.exists()


def test_an_empty_key_is_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY", SECRET)
    monkeypatch.setenv("ANYMAIL_MANDRILL_WEBHOOK_KEY", "")
    assert mail_provider_keys.read(Environment(os.environ)) == {
        "MAILGUN_WEBHOOK_SIGNING_KEY": SECRET
    }


# Odd requests


@pytest.mark.parametrize("provider", WEBHOOKS)
@pytest.mark.parametrize("body", ["", "x", "null", "[1]", "{}", '{"events": 1}', "[" * 9999])
def test_what_can_not_be_read_is_refused(provider: str, body: str) -> None:
    response = post(provider, (body, "application/json", {}))
    assert response.status_code in (400, 401) or response.json() == {"suppressed": 0}
    assert not Suppression.objects.exists()


def test_an_unknown_provider_is_not_found() -> None:
    assert post("nobody", plain({})).status_code == 404


@pytest.mark.parametrize("provider", WEBHOOKS)
def test_a_provider_may_try_whether_the_address_is_there(provider: str) -> None:
    assert Client().head(f"/email/bounces/{provider}").status_code == 200
    assert Client().get(f"/email/bounces/{provider}").status_code == 200


# Amazon SNS asks to be confirmed


def test_a_subscription_is_left_to_the_operator(caplog: pytest.LogCaptureFixture) -> None:
    url = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=1"
    request = sns("SubscriptionConfirmation", Token="1", SubscribeURL=url)
    assert post("amazon_ses", request).json() == {"suppressed": 0}
    assert url in caplog.text


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/?x=sns.eu-west-1.amazonaws.com",
        "https://sns.eu-west-1.amazonaws.com.evil.example/",
        "https://sns.eu-west-1.amazonaws.com@evil.example/",
        "https://bucket.s3.amazonaws.com/",
        "http://sns.eu-west-1.amazonaws.com/",
        "javascript:alert(1)",
    ],
)
def test_only_amazon_may_ask(url: str, caplog: pytest.LogCaptureFixture) -> None:
    request = sns("SubscriptionConfirmation", Token="1", SubscribeURL=url)
    assert post("amazon_ses", request).status_code == 400
    assert url not in caplog.text
