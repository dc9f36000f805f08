"""The web server's entry: ``gunicorn legalds.wsgi``."""

import os

from django.core.wsgi import get_wsgi_application

from legalds.startup import require_servers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "legalds.settings")

require_servers()
application = get_wsgi_application()
