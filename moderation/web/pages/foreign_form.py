"""The answer to a form that another website sends to a page of ours."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def refuse(request: HttpRequest) -> HttpResponse:
    """Answer 403, with the text that was typed: it may be a reader's, in a page that is framed."""
    typed = request.POST.get("body", "") or request.POST.get("text", "")
    return render(request, "pages/foreign_form.html", {"typed": typed}, status=403)
