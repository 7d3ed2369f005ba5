"""The ASGI application: the same one under Daphne (pages) and uvicorn (sockets). It favours neither."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tredye.settings.dev")
application = get_asgi_application()
