"""Pages of the desk with something on them: a colleague's decisions, an appeal, bulk decisions."""

import json
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.desk import EMAIL, PASSWORD, Desk

COLLEAGUE, CAREFUL, FORGETFUL = "colleague@staff.example", "careful@x.example", "forget@x.example"
STOCK = f"""
import json
from django.utils import timezone
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from comments.models import Comment, Membership, Role, Site, User
from moderation.notifications.mail import action_links
from moderation.review.queue import actions
from moderation.review.people import appeals
from moderation.review.queue import bulk_worker
from moderation.decisions.decide import decide_one
from moderation.models import Alarm, BulkJob, Policy, Reviewable
from moderation.decisions.proposals import decision_request
from moderation.review.queue.queue import QueueFilters
from moderation.rules.verdicts import Verdict

now = timezone.now()
site = Site.objects.get(slug="demo")
me = User.objects.get(email="{EMAIL}")
people = {{}}
for address in ("{COLLEAGUE}", "{CAREFUL}", "{FORGETFUL}"):
    people[address] = User.objects.create_user(address, password="{PASSWORD}", is_staff=True)
    Membership.objects.create(site=site, user=people[address], role=Role.MODERATOR)
colleague, careful = people["{COLLEAGUE}"], people["{CAREFUL}"]
TOTP.activate(careful, generate_totp_secret())

waiting = list(Reviewable.objects.open().order_by("id").select_related("comment")[:6])
refused, mailed, held, noted = [row.comment for row in waiting[:4]]
decide_one(
    decision_request(comment_id=refused.pk, revision=1, verdict=Verdict.REJECT, moderator=colleague,
           reasoning="It attacks people."), now=now,
)
refused.refresh_from_db()
appeal = appeals.submit(refused, text="I attacked nobody: the plan is stupid.", now=now)
actions.add_note(noted.author, text="Was warned in May.", moderator=colleague, now=now)
actions.escalate(noted, moderator=colleague, why="Names the mayor.", now=now)
actions.claim(QueueFilters(), moderator=colleague, limit=3, lease=timezone.timedelta(minutes=15),
                now=now)
alarm = Alarm.objects.create(site=site, queue_size=50)
done = BulkJob.objects.create(
    moderator=me, verdict=Verdict.REJECT, filters={{"author": str(held.author_id)}}, total=1,
    reasoning="Enough.", started_at=now,
)
bulk_worker.run(done.pk, now=now)
# No worker knows this verdict, so this one keeps running.
running = BulkJob.objects.create(
    moderator=me, verdict="SPAM ", filters={{"category": "spam"}}, total=40, done=17, started_at=now
)
print(json.dumps({{
    "queue": "/admin/moderation/reviewable/",
    "comment": f"/admin/comments/comment/{{noted.pk}}/change/",
    "author": f"/admin/comments/author/{{noted.author_id}}/change/",
    "new bulk decision": "/admin/moderation/bulkjob/add/",
    "running bulk decision": f"/admin/moderation/bulkjob/{{running.pk}}/change/",
    "bulk decision at its end": f"/admin/moderation/bulkjob/{{done.pk}}/change/",
    "bulk decisions": "/admin/moderation/bulkjob/",
    "appeal": f"/admin/moderation/appeal/{{appeal.pk}}/change/",
    "appeals": "/admin/moderation/appeal/",
    "figures": "/admin/figures/",
    "log": "/admin/moderation/auditentry/",
    "site": f"/admin/comments/site/{{site.pk}}/change/",
    "scores and thresholds": f"/admin/comments/site/{{site.pk}}/calibration/",
    "same pages": f"/admin/comments/site/{{site.pk}}/same-pages/",
    "refused origins": f"/admin/comments/site/{{site.pk}}/refused-origins/",
    "shared secrets": f"/admin/comments/site/{{site.pk}}/shared-secrets/",
    "members": "/admin/comments/membership/",
    "people": "/admin/comments/user/",
    "person": f"/admin/comments/user/{{careful.pk}}/change/",
    "new webhook": "/admin/moderation/webhook/add/",
    "new import": "/admin/moderation/transfer/add/",
    "house rules": f"/admin/moderation/policy/{{Policy.objects.current(site).pk}}/change/",
    "house rules of all": "/admin/moderation/policy/",
    "alarms": "/admin/moderation/alarm/",
    "alarm": f"/admin/moderation/alarm/{{alarm.pk}}/change/",
    "security": "/admin/security/",
    "new app": "/admin/security/app/",
    "new passkey": "/admin/security/passkeys/add/",
    "new password": "/admin/security/password/",
    "review tokens": "/admin/security/tokens/",
    "asked who it is": "/admin/security/confirm/?next=/admin/security/app/",
    "mailed decision": "/desk/" + action_links.links(mailed, me)["REJECT"].split("/desk/")[1],
}}))
"""


def stock(desk: Desk) -> dict[str, str]:
    """Put something on every page of a desk, and return the path of each by its name."""
    return json.loads(desk.python(STOCK))


def sign_in_as(page: Page, address: str, *, password: str = PASSWORD) -> None:
    page.get_by_label("Email").fill(address)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


def at_the_second_step(page: Page) -> None:
    sign_in_as(page, CAREFUL)
    expect(page.get_by_label("Code of your authenticator app")).to_be_visible()


def with_a_wrong_code(page: Page) -> None:
    at_the_second_step(page)
    page.get_by_label("Code of your authenticator app").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()


def with_a_wrong_password(page: Page) -> None:
    sign_in_as(page, "nobody@staff.example", password="wrong")
    expect(page.get_by_text("are not correct")).to_be_visible()


def with_a_forgotten_password(page: Page) -> None:
    page.get_by_role("link", name="Forgotten your password?").click()
    expect(page.get_by_role("button", name="Send the link")).to_be_visible()


def with_a_link_on_its_way(page: Page) -> None:
    with_a_forgotten_password(page)
    page.get_by_label("Email").fill("nobody@staff.example")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_be_visible()


def with_a_link_of_yesterday(page: Page) -> None:
    page.goto(page.url.partition("/sign-in/")[0] + "/sign-in/forgotten/1-used/")
    expect(page.get_by_role("alert")).to_be_visible()


def locked_out(page: Page) -> None:
    locked = page.get_by_text("Too many tries that failed")
    for n in range(6):
        if locked.count():
            break
        with page.expect_navigation():
            sign_in_as(page, FORGETFUL, password=f"wrong {n}")
    expect(locked).to_be_visible()


def signing_in(page: Page) -> None:
    expect(page.get_by_label("Password")).to_be_visible()


SIGNED_OUT: list[Callable[[Page], None]] = [
    signing_in,
    with_a_wrong_password,
    with_a_forgotten_password,
    with_a_link_on_its_way,
    with_a_link_of_yesterday,
    at_the_second_step,
    with_a_wrong_code,
    locked_out,
]
