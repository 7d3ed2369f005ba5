"""Settings of the tutorial's peer: Channels with its Redis layer and nothing else."""

import os

SECRET_KEY = "of the benchmark's peer alone"  # noqa: S105 - it signs nothing
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["channels"]
# The default layer of the documentation. What is set beside the address: redis-py of today would cut a socket that is idle for
# five seconds, and refuse the hundredth connection.
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {
            "hosts": [{"address": os.environ["REDIS_URL"], "socket_timeout": None, "max_connections": 2000}],
            "prefix": os.environ["REDIS_PREFIX"],
        },
    }
}
