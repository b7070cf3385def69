"""The pages as a WSGI application: for `koers serve`, and for a large installation's own page server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "koers.config.settings")

application = get_wsgi_application()
