"""How gunicorn serves `config.wsgi`, which it reads where it is started; options win over it."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

worker_class = "config.web_server.worker.BufferingWorker"
workers = 4
threads = 4
# Loads the classifier once for all processes, and lets a wrong setting end the master.
preload_app = True
graceful_timeout = 10
control_socket_disable = True
