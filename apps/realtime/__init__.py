"""WebSockets only: the consumer, the hub and the protocol. The only importer of Channels beside ``tredye/asgi.py``."""
