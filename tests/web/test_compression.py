"""Whole pages come compressed to who can read that, and so do large fragments; everything else is sent as it is."""

import gzip

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory

from apps.web.compression import FRAGMENT_BYTES_MIN, PageCompressionMiddleware
from tests.pages import PARTIAL

GZIP = {"Accept-Encoding": "gzip, br"}


@pytest.mark.parametrize("address", ["/markets/", "/portfolio/", "/login/"])
def test_a_page_is_a_fraction_of_its_size(alice: Client, address: str) -> None:
    client = Client() if address == "/login/" else alice
    plain, packed = client.get(address), client.get(address, headers=GZIP)
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip" and "Accept-Encoding" in packed["Vary"]
    assert b"</html>" in gzip.decompress(packed.content)
    assert len(packed.content) < len(plain.content) / 2


def test_a_small_fragment_and_a_file_are_sent_as_they_are(alice: Client) -> None:
    assert "Content-Encoding" not in alice.get("/orders/open/", headers=GZIP | PARTIAL)
    assert "Content-Encoding" not in alice.get("/orders/csv/", headers=GZIP)


LARGE = "<p>" + "x" * FRAGMENT_BYTES_MIN


@pytest.mark.parametrize(
    ("answer", "is_packed"),
    [
        (HttpResponse(LARGE), True),
        (HttpResponse(LARGE, content_type="application/json"), True),
        (HttpResponse(LARGE[: FRAGMENT_BYTES_MIN - 1]), False),
        (HttpResponse("{}" * 100, content_type="application/json"), False),
        (HttpResponse(LARGE, content_type="image/png"), False),
        (StreamingHttpResponse([LARGE], content_type="text/html"), False),
    ],
)
def test_what_htmx_or_a_script_asks_for_is_packed_when_it_is_large(answer: HttpResponseBase, is_packed: bool) -> None:
    request = RequestFactory().get("/orders/open/", headers=GZIP | PARTIAL)
    assert PageCompressionMiddleware(lambda _: answer)(request).has_header("Content-Encoding") is is_packed
