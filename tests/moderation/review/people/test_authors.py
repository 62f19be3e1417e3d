"""What moderators know of an author and say about one."""

import pytest

from comments.models import Author, Comment, Site, Status, Trust, User
from moderation.models import AuditAction, AuditEntry, Ban
from moderation.models.ban import BanTarget
from moderation.review.people import authors
from moderation.rules.verdicts import Reason
from tests.factories import NOW, AuthorFactory, CommentFactory, PolicyFactory, SiteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(site: Site) -> Author:
    return AuthorFactory(site=site, email="ann@mail.example")


def test_setting_the_trust_of_an_author_is_logged(author: Author, moderator: User) -> None:
    authors.set_trust(author, Trust.TRUSTED, moderator=moderator, now=NOW)
    author.refresh_from_db()
    assert author.trust == Trust.TRUSTED
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.site, entry.by) == (AuditAction.TRUSTED, author.site, moderator)
    assert (entry.subject, entry.at) == (str(author.pk), NOW)
    assert entry.detail == {"trust": Trust.TRUSTED.value}


def ban(site: Site, target: BanTarget, value: str) -> Ban:
    return Ban.objects.create(site=site, target=target, value=value)


def test_lifting_bans_deletes_those_of_the_authors_address_at_the_site_alone(
    author: Author, moderator: User
) -> None:
    mine = ban(author.site, BanTarget.EMAIL, author.email_digest)
    kept = [
        ban(SiteFactory(), BanTarget.EMAIL, author.email_digest),
        ban(author.site, BanTarget.NETWORK, author.email_digest),
        ban(author.site, BanTarget.EMAIL, "another"),
    ]
    assert authors.lift_bans(author, moderator=moderator, now=NOW) == 1
    assert set(Ban.objects.all()) == set(kept)
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.subject, entry.by) == (
        AuditAction.UNBANNED,
        str(mine.pk),
        moderator,
    )
    assert entry.at == NOW
    assert authors.lift_bans(author, moderator=moderator, now=NOW) == 0


def written(author: Author, *statuses: Status, verified: bool = True) -> None:
    for status in statuses:
        CommentFactory(
            thread__site=author.site, author=author, author_verified=verified, status=status
        )


def test_approved_comments_make_a_confirmed_author_trusted(author: Author) -> None:
    Author.objects.update(verified_at=NOW)
    author.refresh_from_db()
    PolicyFactory(site=author.site, trust_after=2)
    written(author, *[Status.APPROVED] * 2)
    status = authors.trust_status(author)
    assert status == (Reason.TRUSTED_AUTHOR, 2, 0, 2, True)


def test_comments_written_before_the_confirmation_earn_a_confirmed_author_no_trust(
    author: Author,
) -> None:
    Author.objects.update(verified_at=NOW)
    author.refresh_from_db()
    written(author, Status.APPROVED, Status.SPAM, verified=False)
    status = authors.trust_status(author)
    assert (status.reason, status.approved, status.refused) == (Reason.FIRST_COMMENT, 0, 0)


@pytest.mark.parametrize(
    ("trust", "reason"),
    [
        (Trust.TRUSTED, Reason.TRUSTED_AUTHOR),
        (Trust.WATCHED, Reason.WATCHED_AUTHOR),
        (Trust.BY_RECORD, Reason.FIRST_COMMENT),
    ],
)
def test_the_trust_that_a_moderator_set_counts_for_a_confirmed_author(
    author: Author, trust: Trust, reason: Reason
) -> None:
    Author.objects.update(verified_at=NOW, trust=trust)
    author.refresh_from_db()
    assert authors.trust_status(author).reason == reason


def test_rejected_and_spam_comments_count_as_refused(author: Author) -> None:
    Author.objects.update(verified_at=NOW)
    author.refresh_from_db()
    written(author, Status.APPROVED, Status.SPAM, Status.REJECTED, Status.REJECTED, Status.HELD)
    status = authors.trust_status(author)
    assert (status.approved, status.refused, status.is_confirmed) == (1, 3, True)


def test_an_unconfirmed_author_without_comments_is_treated_as_new(author: Author) -> None:
    status = authors.trust_status(author)
    assert (status.reason, status.approved, status.refused) == (Reason.FIRST_COMMENT, 0, 0)
    assert status.is_confirmed is False


def from_network(author: Author | None, network: str, site: Site) -> Comment:
    return CommentFactory(thread__site=site, author=author, author_name="X", network_digest=network)


def test_neighbours_are_other_authors_on_the_same_networks_by_number_of_comments(
    author: Author, site: Site
) -> None:
    from_network(author, "one", site)
    from_network(author, "two", site)
    often, once, elsewhere = (AuthorFactory(site=site) for _ in range(3))
    for who, network in ((once, "one"), (often, "one"), (often, "two"), (elsewhere, "three")):
        from_network(who, network, site)
    from_network(None, "one", site)
    foreign = SiteFactory()
    from_network(AuthorFactory(site=foreign), "one", foreign)
    near = authors.neighbours(author)
    assert list(near.items()) == [(often, 2), (once, 1)]


def test_comments_without_a_known_network_give_no_neighbours(author: Author, site: Site) -> None:
    for who in (author, AuthorFactory(site=site)):
        from_network(who, "", site)
    assert authors.neighbours(author) == {}


def test_the_number_of_neighbours_is_limited(
    author: Author, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(authors, "MAX_NEIGHBOURS", 2)
    from_network(author, "one", site)
    for _ in range(3):
        from_network(AuthorFactory(site=site), "one", site)
    assert len(authors.neighbours(author)) == 2


def test_only_the_latest_comments_of_the_networks_are_counted(
    author: Author, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(authors, "MAX_NEIGHBOUR_COMMENTS", 2)
    from_network(author, "one", site)
    earlier, later = AuthorFactory(site=site), AuthorFactory(site=site)
    for who in (earlier, later, later):
        from_network(who, "one", site)
    assert authors.neighbours(author) == {later: 2}
