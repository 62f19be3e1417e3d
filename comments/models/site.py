"""Sites, their settings for posting, and their members."""

import re
from collections.abc import Iterable
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.models.ids import new_id
from comments.models.page_identity import PageRules, is_under, normal_form
from comments.models.user import User

# The Origin header (RFC 6454): scheme and host, perhaps a port.
ORIGIN = re.compile(r"https?://[a-z0-9._\[\]:-]+", re.IGNORECASE)

# The short name of the site that a first start makes, whose pages are ours.
DEMO = "demo"


def origin_of(text: str) -> str:
    """Return an origin as browsers send it. Raises ValueError for anything but scheme and host."""
    origin = text.strip().rstrip("/").lower()
    if not ORIGIN.fullmatch(origin):
        refusal = gettext("An origin is a scheme and a host, without a path: %(text)s")
        raise ValueError(refusal % {"text": text})
    return origin


class Role(models.TextChoices):
    """A member's role at a site; each role includes the permissions of the next ones."""

    OWNER = "owner", _("Owner: sets the house rules")
    MODERATOR = "moderator", _("Moderator: decides about comments")
    VIEWER = "viewer", _("Viewer: looks on")

    @property
    def noun(self) -> str:
        """What somebody of this role is called in a sentence."""
        return str(_NOUNS[self])

    @classmethod
    def at_least(cls, role: "Role") -> list["Role"]:
        """Return the roles that include the permissions of `role`."""
        ranked = list(cls)
        return ranked[: ranked.index(role) + 1]


_NOUNS = {
    Role.OWNER: _("owner"),
    Role.MODERATOR: _("moderator"),
    Role.VIEWER: _("viewer"),
}


class SiteQuerySet(models.QuerySet["Site"]):
    """Queries for sites."""

    def of(self, user: User, roles: Iterable[Role] = tuple(Role)) -> "SiteQuerySet":
        """Keep the sites where `user` has one of the roles; all of them for a superuser."""
        if user.is_superuser:
            return self
        memberships = Membership.objects.filter(user=user, role__in=list(roles))
        return self.filter(pk__in=memberships.values("site_id"))


class Site(models.Model):
    """A website whose comments are kept here, with its rules for posting."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(
        _("name in addresses"), max_length=63, unique=True, help_text=_("Its name in addresses.")
    )
    name = models.CharField(_("name"), max_length=200)
    origins = models.JSONField(
        _("origins"),
        default=list,
        blank=True,
        help_text=_('Where its pages live, such as ["https://example.com"].'),
    )
    origins_apart = models.BooleanField(
        _("each origin has pages of its own"),
        default=False,
        help_text=_("Otherwise a page is the same under each of the origins, with http or https."),
    )
    page_parameters = models.JSONField(
        _("parameters that make a page"),
        default=list,
        blank=True,
        help_text=(
            _(
                "Names of query parameters. Where some are named, all others are left out of "
                "account; otherwise only those that track visitors, such as utm_source."
            )
        ),
    )
    slash_matters = models.BooleanField(_("a slash at the end makes another page"), default=False)
    read_pages = models.BooleanField(
        _("ask pages for their title"),
        default=False,
        help_text=_(
            "Each page with a public comment is fetched once: its title, address and section "
            "then count above what came with comments."
        ),
    )
    public_playground = models.BooleanField(
        _("public playground"),
        default=False,
        help_text=_(
            "Everybody may try at /try/ what would become of a text here, and not only who "
            "looks after the site."
        ),
    )
    require_name = models.BooleanField(_("require name"), default=True)
    require_email = models.BooleanField(_("require email"), default=True)
    allow_website = models.BooleanField(_("ask for a website"), default=True)
    guidelines = models.TextField(
        _("guidelines"),
        max_length=1000,
        blank=True,
        help_text=_(
            "A line above the form, such as what is welcome here. Markdown, as in comments."
        ),
    )
    max_length = models.PositiveIntegerField(
        _("longest comment"),
        default=5000,
        validators=[MinValueValidator(1), MaxValueValidator(50_000)],
        help_text=_("In characters."),
    )
    max_depth = models.PositiveSmallIntegerField(
        _("deepest reply"),
        default=4,
        validators=[MaxValueValidator(20)],
        help_text=_("How many levels of replies there may be below a comment."),
    )
    min_seconds = models.PositiveSmallIntegerField(
        _("fastest form"),
        default=3,
        help_text=_(
            "A form that comes back sooner than this many seconds was not filled in by hand."
        ),
    )
    form_hours = models.PositiveSmallIntegerField(
        _("lifetime of a form"), default=24, help_text=_("In hours.")
    )
    votes = models.BooleanField(
        _("votes"), default=True, help_text=_("Readers may vote on comments.")
    )
    edit_minutes = models.PositiveIntegerField(
        _("time to edit"),
        default=15,
        help_text=_("Minutes in which an author may change a comment."),
    )
    notify = models.BooleanField(
        _("offer replies by mail"),
        default=True,
        help_text=_("Readers may ask to be told of answers; they confirm their address first."),
    )
    remove_erased_texts = models.BooleanField(
        _("remove texts on erasure"),
        default=False,
        help_text=_("When a person asks to be erased, the texts go, too; else they stay unnamed."),
    )
    # Keys for single sign-on of the site's readers (`comments.accounts.single_sign_on`), and the
    # secret with which Coral signs its requests. `comments.accounts.shared_secrets` writes them.
    sign_on_secret = models.TextField(blank=True, editable=False)
    former_sign_on_secret = models.TextField(blank=True, editable=False)
    sign_on_public_key = models.TextField(blank=True, editable=False)
    coral_secret = models.TextField(blank=True, editable=False)
    former_coral_secret = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    # When a page of the site first called.
    connected_at = models.DateTimeField(null=True, editable=False)
    # Flood mode (`moderation.insight.floods`), which whoever has the site at hand knows without
    # another query: since when it is on, and whether a person switched it on; when one last
    # switched it off; when challenges last went unsolved in numbers.
    flood_since = models.DateTimeField(null=True, editable=False)
    flood_by_hand = models.BooleanField(default=False, editable=False)
    flood_ended_at = models.DateTimeField(null=True, editable=False)
    flood_pressed_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def in_flood(self) -> bool:
        """Whether flood mode is on."""
        return self.flood_since is not None

    @property
    def page_rules(self) -> PageRules:
        """What tells the site's pages apart."""
        return PageRules(
            origins=tuple(self.origins),
            origins_apart=self.origins_apart,
            parameters=tuple(self.page_parameters),
            slash_matters=self.slash_matters,
        )

    def owns(self, url: str) -> bool:
        """Return whether a URL is under one of the site's origins."""
        return any(url == origin or url.startswith(f"{origin}/") for origin in self.origins)

    def page_url(self, url: str) -> str:
        """Return a page's URL in normal form, with the scheme of the origin that it is under."""
        url = normal_form(url)
        own = (origin for origin in self.origins if is_under(url, [origin]))
        scheme = next((origin.partition(":")[0] for origin in own), None)
        return f"{scheme}:{url.partition(':')[2]}" if scheme else url


class Membership(models.Model):
    """A user's role at a site."""

    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("site")
    )
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=16, choices=Role)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "user"], name="one_membership_per_user_and_site"
            )
        ]

    def __str__(self) -> str:
        return gettext("%(who)s at %(site)s") % {"who": self.user, "site": self.site}
