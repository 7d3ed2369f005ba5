"""Every metric of the product, each with its meaning and unit; a module for each board of ``ops/grafana``. Nothing else imports
prometheus_client.

Times are in seconds, ages too. Requests and queries are counted by django-prometheus (``django_http_*``, ``django_db_*``), the
process by prometheus_client itself (``process_*``, ``python_gc_*``). Labels are closed sets, and a metric's meaning names the
values that its labels have, unless they are the names of views, consumers, topics, tasks or jobs: never an id, never a user.
"""

# Whoever counts asks here, and need not know in which module a metric is declared.
from apps.observability.metrics.browsers import *  # noqa: F403
from apps.observability.metrics.buckets import BROWSER_EDGES_MS as BROWSER_EDGES_MS
from apps.observability.metrics.business import *  # noqa: F403
from apps.observability.metrics.database import *  # noqa: F403
from apps.observability.metrics.engine import *  # noqa: F403
from apps.observability.metrics.eventlog import *  # noqa: F403
from apps.observability.metrics.jobs import *  # noqa: F403
from apps.observability.metrics.orders import *  # noqa: F403
from apps.observability.metrics.prices import *  # noqa: F403
from apps.observability.metrics.process import *  # noqa: F403
from apps.observability.metrics.stream import *  # noqa: F403
