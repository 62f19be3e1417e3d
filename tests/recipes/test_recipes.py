"""The recipes of the guides, built as they stand there by the generators that they are for.

`make test-recipes` runs it, which installs the generators.
"""

import html
import json
import os
import re
import runpy
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.template import Context, Engine
from django.test import RequestFactory

from tests.guides import blocks
from tests.services.processes import ROOT

# What has to be escaped, in attributes and in addresses.
TITLE = 'Bees & "Wasps" <3'
ADDRESS = "https://gazette.example/käse/"
FRONT_MATTER = f"---\ntitle: '{TITLE}'\nlayout: article\n---\nText.\n"
NODE_MODULES = ROOT / "tests/recipes/node_modules"
STATIC = "connect/static-site.md"

# Ghost itself needs a database and packages that are in no registry. Its engine is Handlebars, and
# these are what its documentation says of the three helpers of the recipe.
GHOST = """
import { readFileSync, writeFileSync } from "node:fs";
import Handlebars from "handlebars";
const { SafeString, escapeExpression } = Handlebars;
Handlebars.registerHelper({
  title() { return new SafeString(escapeExpression(this.title)); },
  url({ hash }) {
    const address = new URL(this.url);
    return new SafeString(hash.absolute === "true" ? address.href : address.pathname);
  },
  encode(text) { return new SafeString(encodeURIComponent(text)); },
});
const render = Handlebars.compile(readFileSync("post.hbs", "utf8"), { strict: true });
writeFileSync("page.html", render(JSON.parse(readFileSync("post.json", "utf8"))));
"""


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def run(folder: Path, *command: str) -> None:
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "ASTRO_TELEMETRY_DISABLED": "1"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def recipe(language: str) -> str:
    (only,) = blocks(STATIC, language)
    return only


def hugo(folder: Path) -> Path:
    files = {
        "config.toml": 'baseURL = "https://gazette.example/"\n',
        "content/käse.md": f"---\ntitle: '{TITLE}'\n---\nText.\n",
        "layouts/_default/single.html": '<body>{{ partial "comments.html" . }}</body>',
        "layouts/partials/comments.html": recipe("go-html-template"),
    }
    write(folder, files)
    run(folder, "hugo", "--quiet")
    return folder / "public/käse/index.html"


def jekyll(folder: Path) -> Path:
    files = {
        "_config.yml": 'url: "https://gazette.example"\npermalink: pretty\n',
        "_layouts/article.html": "<body>{% include comments.html %}</body>",
        "_includes/comments.html": recipe("liquid"),
        "käse.md": FRONT_MATTER,
    }
    write(folder, files)
    run(folder, "jekyll", "build", "--quiet")
    return folder / "_site/käse/index.html"


def eleventy(folder: Path) -> Path:
    files = {
        "_includes/article.njk": '<body>{% include "comments.njk" %}</body>',
        "_includes/comments.njk": recipe("njk"),
        "käse.md": FRONT_MATTER.replace("article", "article.njk"),
    }
    write(folder, files)
    run(folder, str(NODE_MODULES / ".bin/eleventy"), "--quiet")
    return folder / "_site/käse/index.html"


def astro(folder: Path) -> Path:
    page = (
        'import Comments from "../components/Comments.astro";\n'
        f"const title = '{TITLE}';\n---\n<body><Comments title={{title}} /></body>\n"
    )
    files = {
        "package.json": '{"type": "module"}',
        "astro.config.mjs": 'export default { site: "https://gazette.example" };',
        "src/components/Comments.astro": recipe("astro"),
        "src/pages/käse.astro": f"---\n{page}",
    }
    write(folder, files)
    (folder / "node_modules").symlink_to(NODE_MODULES)
    run(folder, str(NODE_MODULES / ".bin/astro"), "build", "--silent")
    return folder / "dist/käse/index.html"


def django(folder: Path) -> Path:
    (folder / "guide.py").write_text(blocks("connect/django.md", "python")[-1])
    processor = runpy.run_path(str(folder / "guide.py"))["page_address"]
    (template,) = blocks("connect/django.md", "django")
    asked = {"SERVER_NAME": "gazette.example", "SERVER_PORT": "443"}
    request = RequestFactory().get("/käse/?utm_source=x", secure=True, **asked)
    context = Context({**processor(request), "title": TITLE})
    written = Engine().from_string(template).render(context)
    (folder / "page.html").write_text(written, encoding="utf-8")
    return folder / "page.html"


def ghost(folder: Path) -> Path:
    (template,) = blocks("connect/ghost.md", "handlebars")
    files = {
        "package.json": '{"type": "module"}',
        "post.hbs": template,
        "post.json": json.dumps({"title": TITLE, "url": ADDRESS}),
        "build.js": GHOST,
    }
    write(folder, files)
    (folder / "node_modules").symlink_to(NODE_MODULES)
    run(folder, "node", "build.js")
    return folder / "page.html"


@pytest.mark.parametrize("build", [hugo, jekyll, eleventy, astro, django, ghost])
def test_each_page_names_itself_and_links_to_its_own_page(
    build: Callable[[Path], Path], tmp_path: Path, settings: object
) -> None:
    settings.ALLOWED_HOSTS = ["gazette.example"]  # type: ignore[attr-defined]
    page = build(tmp_path).read_text(encoding="utf-8")
    (element,) = re.findall(r"<leave-a-reply.*?</leave-a-reply>", page, re.DOTALL)
    assert page.count('src="https://comments.gazette.example/embed.js"') == 1
    assert attribute(element, "site") == "gazette"
    assert unquote(attribute(element, "url")) == ADDRESS
    assert attribute(element, "page-title") == TITLE
    link = urlsplit(attribute(element, "href"))
    assert link.path == "/sites/gazette/thread"
    (named,) = parse_qs(link.query, strict_parsing=True).pop("url")
    assert named in (attribute(element, "url"), ADDRESS)
    assert link.query.count("=") == 1


def attribute(element: str, name: str) -> str:
    found = re.search(rf' {name}="([^"]*)"', element)
    assert found, element
    return html.unescape(found[1])
