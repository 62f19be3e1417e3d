"""The WSGI application, which gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# Django has to be set up before anything of ours is imported.
from config.warming import warm_up  # noqa: E402

warm_up()
