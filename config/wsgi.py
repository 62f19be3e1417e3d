"""The WSGI application, which gunicorn serves."""

import os
import sys

from django.core.wsgi import get_wsgi_application

from config.environment.reader import WrongSetting

# The status by which gunicorn's master knows that starting another worker won't help.
GUNICORN_BOOT_ERROR = 3

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
try:
    application = get_wsgi_application()
except WrongSetting as fault:
    sys.stderr.write(f"{fault}\n")
    sys.exit(GUNICORN_BOOT_ERROR)

# Django has to be set up before anything of ours is imported.
from comments.http.charset import UTF8Request  # noqa: E402
from config.warming import warm_up  # noqa: E402

application.request_class = UTF8Request
warm_up()
