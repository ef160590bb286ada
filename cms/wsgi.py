"""The web application for gunicorn or any other WSGI server; a server without a choice gets the production settings."""

from django.core.wsgi import get_wsgi_application

from .celery import order_without_waiting

application = get_wsgi_application()
order_without_waiting()
