"""What machines ask of a process: is it alive, is it ready, what has it measured."""

import hmac

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.observability.health import check_dependencies
from apps.observability.metrics import exposition

_LOOPBACK = ("127.0.0.1", "::1")
_FORWARDED = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Forwarded-Proto")

log = structlog.get_logger(__name__)
_last_missing: tuple[str, ...] = ()


@require_safe
@never_cache
def livez(_request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nobody."""
    return HttpResponse("alive\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when everything is there, 503 otherwise; to those who may know, which dependency is missing and why."""
    answers = check_dependencies()
    missing = [answer.name for answer in answers if not answer.ok]
    body: dict[str, object] = {"ready": not missing}
    if _is_operator(request):
        body["missing"] = missing
        body["checks"] = {
            answer.name: {"status": "ok" if answer.ok else "missing", "took_ms": answer.took_ms}
            | ({} if answer.ok else {"reason": answer.reason})
            for answer in answers
        }
    _log_change(tuple(missing))
    response = JsonResponse(body, status=503 if missing else 200)
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django would log every probe as an error
    return response


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus on this machine, or with the token. To everybody else it does not exist."""
    if not _is_operator(request):
        raise Http404
    body, content_type = exposition()
    return HttpResponse(body, content_type=content_type)


def _log_change(missing: tuple[str, ...]) -> None:
    global _last_missing
    if missing != _last_missing:
        _last_missing = missing
        if missing:
            log.warning("not ready", missing=missing)
        else:
            log.info("ready")


def _is_operator(request: HttpRequest) -> bool:
    offered = request.headers.get("Authorization", "")
    if settings.METRICS_TOKEN and hmac.compare_digest(offered.encode(), f"Bearer {settings.METRICS_TOKEN}".encode()):
        return True
    # Behind a proxy on the same machine everybody comes from loopback; the headers it adds tell them apart.
    return request.META.get("REMOTE_ADDR") in _LOOPBACK and not any(name in request.headers for name in _FORWARDED)
