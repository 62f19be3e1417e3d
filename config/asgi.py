"""The ASGI application."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_asgi_application()

# Django has to be set up before anything of ours is imported.
from comments.http.charset import AsyncUTF8Request  # noqa: E402
from config.warming import warm_up  # noqa: E402

application.request_class = AsyncUTF8Request
warm_up()
