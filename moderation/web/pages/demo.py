"""The pages that show what is installed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from comments.models import Site


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what is installed here, and where to go."""
    has_demo = Site.objects.filter(slug="demo").exists()
    return render(request, "pages/home.html", {"has_demo": has_demo})


@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """Show an article with its “Leave a Reply” section."""
    site = get_object_or_404(Site, slug="demo")
    return render(request, "pages/demo.html", {"site": site})
