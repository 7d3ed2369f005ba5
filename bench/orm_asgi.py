"""The peer's application: plain Django under ASGI, as its documentation has it."""

from django.core.asgi import get_asgi_application

application = get_asgi_application()
