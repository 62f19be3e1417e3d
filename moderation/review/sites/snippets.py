"""What a site's pages need to show its comments: HTML, and the same for frameworks.

The set-up on the desk, `create_site` and the documentation show these; `tests/test_docs.py` holds
the documentation against them.
"""

from typing import NamedTuple

from django.utils.translation import gettext, gettext_noop

from comments.models import Site


class Snippet(NamedTuple):
    """Code for the pages of a site: `where` says in a sentence where it goes."""

    key: str
    name: str
    where: str
    code: str


TEMPLATES = (
    Snippet(
        "html",
        "HTML",
        gettext_noop(
            "Where the comments should stand. The link is for readers without JavaScript: end it "
            "with the address of the page."
        ),
        """<script type="module" src="{service}/embed.js"></script>
<leave-a-reply site="{site}">
  <a href="{service}/sites/{site}/thread?url={origin}/article">Leave a reply</a>
</leave-a-reply>""",
    ),
    Snippet(
        "hugo",
        "Hugo",
        gettext_noop("In the template of an article, such as layouts/_default/single.html."),
        """<script type="module" src="{service}/embed.js"></script>
<leave-a-reply site="{site}" url="{{{{ .Permalink }}}}" page-title="{{{{ .Title }}}}">
  <a href="{service}/sites/{site}/thread?url={{{{ .Permalink }}}}">Leave a reply</a>
</leave-a-reply>""",
    ),
    Snippet(
        "react",
        "Next.js",
        gettext_noop(
            "In a client or server component; React 19 alone needs the script in the page."
        ),
        """<Script type="module" src="{service}/embed.js" />
<leave-a-reply site="{site}" thread={{post.slug}} page-title={{post.title}} lang={{locale}} />""",
    ),
    Snippet(
        "astro",
        "Astro",
        gettext_noop("In the markup of an article, with or without <ClientRouter />."),
        """<script is:inline type="module" src="{service}/embed.js"></script>
<leave-a-reply site="{site}" thread={{Astro.url.pathname}} />""",
    ),
    Snippet(
        "vue",
        "Vue",
        gettext_noop(
            "Load embed.js once, and set compilerOptions.isCustomElement = "
            '(tag) => tag === "leave-a-reply".'
        ),
        """<leave-a-reply site="{site}" :thread="post.slug" @leave-a-reply:posted="onPosted" />""",
    ),
    Snippet(
        "angular",
        "Angular",
        gettext_noop(
            "Load embed.js once, and give the component schemas: [CUSTOM_ELEMENTS_SCHEMA]."
        ),
        '<leave-a-reply site="{site}" [attr.thread]="post.slug"'
        ' (leave-a-reply:posted)="onPosted($event)"></leave-a-reply>',
    ),
    Snippet(
        "ghost",
        "Ghost",
        gettext_noop("In Settings → Code injection → Site footer, or in the theme’s post.hbs."),
        """<script type="module" src="{service}/embed.js"></script>
<leave-a-reply site="{site}"></leave-a-reply>""",
    ),
)


def of_site(site: Site, *, service: str) -> list[Snippet]:
    """Return the snippets of a site, plain HTML first; `service` is the address of this service."""
    origin = site.origins[0] if site.origins else "https://example.com"
    names = {"service": service, "site": site.slug, "origin": origin}
    return [
        snippet._replace(where=gettext(snippet.where), code=snippet.code.format(**names))
        for snippet in TEMPLATES
    ]


def html(site: Site, *, service: str) -> str:
    """Return the snippet of a site in plain HTML."""
    return of_site(site, service=service)[0].code
