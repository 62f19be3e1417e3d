"""The recipes of docs/embedding.md: what each framework does to the element, done by hand."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_embed import comment, section

Visit = Callable[..., Page]
# How each one goes from the demo's page to that with the long thread.
FRAMEWORKS = {
    # React sets attributes of the same element after the router has pushed the address.
    "next": """() => {
      history.pushState({}, '', '/long');
      const element = document.querySelector('leave-a-reply');
      setTimeout(() => {
        element.setAttribute('page-title', 'A long thread');
        element.setAttribute('thread', 'long');
        document.title = 'A long thread';
      }, 50);
    }""",
    # The client router puts another body in place, and runs module scripts that it has not run yet.
    "astro": """() => {
      const next = document.body.cloneNode(true);
      next.querySelector('leave-a-reply').setAttribute('thread', 'long');
      history.pushState({}, '', '/long');
      document.body.replaceWith(next);
    }""",
    # Elements are made, given attributes in the order of the template, then inserted.
    "vue": """() => {
      const element = document.createElement('leave-a-reply');
      element.setAttribute('site', 'demo');
      element.setAttribute('thread', 'long');
      document.querySelector('leave-a-reply').replaceWith(element);
    }""",
    # Elements are inserted first; bindings are written later, one by one.
    "angular": """async () => {
      const element = document.createElement('leave-a-reply');
      document.querySelector('leave-a-reply').replaceWith(element);
      await Promise.resolve();
      element.setAttribute('site', 'demo');
      await new Promise((done) => setTimeout(done, 30));
      element.setAttribute('thread', 'long');
    }""",
    # The body of a fetched document takes the place of the old one; heads are merged.
    "turbo": """() => {
      const page = new DOMParser().parseFromString(
        document.documentElement.outerHTML.replace('thread="demo"', 'thread="long"'), 'text/html');
      history.pushState({}, '', '/long');
      document.documentElement.replaceChild(document.adoptNode(page.body), document.body);
    }""",
    # A fragment takes the place of an element's content.
    "htmx": """() => {
      const main = document.querySelector('main');
      main.innerHTML = '<leave-a-reply site="demo" thread="long"></leave-a-reply>';
    }""",
}


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_element_goes_along(article: Visit, framework: str) -> None:
    errors: list[str] = []
    page = article(watch=lambda page: page.on("pageerror", lambda error: errors.append(str(error))))
    expect(comment(page, "Berit")).to_be_visible()
    page.evaluate(FRAMEWORKS[framework])
    expect(comment(page, "Remark number 44.").first).to_be_visible(timeout=10_000)
    assert section(page).locator("section").count() == 1
    page.get_by_label("Your reply").fill("Half a thought")
    expect(page.get_by_role("button", name="Post reply")).to_be_visible()
    assert errors == []
