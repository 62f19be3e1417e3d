"""The start page, and the demo article."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from comments.models import Site


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Render the start page, with a link to the demo where there is one."""
    has_demo = Site.objects.filter(slug="demo").exists()
    return render(request, "pages/home.html", {"has_demo": has_demo})


@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """Render an article with its “Leave a Reply” section; 404 without the demo site."""
    site = get_object_or_404(Site, slug="demo")
    return render(request, "pages/demo.html", {"site": site})
