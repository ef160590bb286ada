"""The web application for gunicorn or any other WSGI server; a server without a choice gets the production settings."""

import os

from django.core.wsgi import get_wsgi_application

from .celery import order_without_waiting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.production")

application = get_wsgi_application()
order_without_waiting()
