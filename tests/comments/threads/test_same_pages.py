from comments.models import Comment, Site, Thread
from comments.models.thread import digest
from comments.threads import same_pages
from tests.factories import CommentFactory, SiteFactory, ThreadFactory


def thread(site: Site, url: str) -> Thread:
    """Return a thread with a comment, as it was made when the site had no rules for its pages."""
    made = ThreadFactory(site=site, url=url, key=url, key_digest=digest(url))
    CommentFactory(site=site, thread=made)
    return made


def test_threads_that_become_one_page_are_merged_into_the_oldest(site: Site) -> None:
    oldest, other = thread(site, "http://a.example/x"), thread(site, "https://a.example/x/")
    (merger,) = same_pages.regroup(site)
    assert (merger.thread.key, merger.into) == (other.key, oldest)
    assert Thread.objects.get() == oldest
    assert Comment.objects.filter(thread=oldest).count() == 2


def test_a_merged_thread_is_found_under_both_names(site: Site) -> None:
    oldest = thread(site, "http://a.example/x")
    thread(site, "https://a.example/x/")
    same_pages.regroup(site)
    for name in ("http://a.example/x", "https://a.example/x/"):
        assert Thread.objects.find(site, name) == oldest


def test_a_dry_run_changes_nothing(site: Site) -> None:
    thread(site, "http://a.example/x")
    thread(site, "https://a.example/x/")
    assert len(same_pages.regroup(site, dry_run=True)) == 1
    assert Thread.objects.count() == 2


def test_a_thread_may_take_the_identity_that_another_one_had(site: Site) -> None:
    one, two = thread(site, "https://a.example/1"), thread(site, "https://a.example/2")
    site.page_parameters = []
    same_pages.regroup(site)
    first, second = Thread.objects.order_by("pk").values_list("key_digest", flat=True)
    Thread.objects.filter(pk=one.pk).update(key_digest="-")
    Thread.objects.filter(pk=two.pk).update(key_digest=first)
    Thread.objects.filter(pk=one.pk).update(key_digest=second)
    assert same_pages.regroup(site) == []
    assert Thread.objects.find(site, "https://a.example/1") == one
    assert Thread.objects.find(site, "https://a.example/2") == two


def test_keys_of_the_site_stay_apart(site: Site) -> None:
    thread(site, "post-1")
    thread(site, "post-1/")
    assert same_pages.regroup(site) == []


def test_another_sites_threads_are_left_alone(site: Site) -> None:
    thread(site, "http://a.example/x")
    thread(SiteFactory(), "https://a.example/x")
    assert same_pages.regroup(site) == []


def test_likely_twins_differ_in_case_ending_query_or_host(site: Site) -> None:
    urls = ["https://a.example/Post", "https://b.example/post.html", "https://a.example/post?p=1"]
    twins = [thread(site, url) for url in urls]
    thread(site, "https://a.example/other")
    assert same_pages.likely_twins(site) == [twins]


def test_front_pages_are_no_twins(site: Site) -> None:
    thread(site, "https://a.example/")
    thread(site, "https://b.example/")
    assert same_pages.likely_twins(site) == []
