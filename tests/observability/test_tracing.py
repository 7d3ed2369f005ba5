"""The ids of a story: what a caller may say of itself, and what is made of it."""

import re
import uuid

import pytest
from django.test import Client

from apps.observability.tracing import read_traceparent, span_id_of, story_of, trace_id_of, write_traceparent

TRACE = "0af7651916cd43dd8448eb211c80319c"
SPAN = "b7ad6b7169203331"


def test_a_traceparent_is_read_and_written_as_w3c_has_it() -> None:
    assert read_traceparent(f"00-{TRACE}-{SPAN}-01") == (TRACE, SPAN)
    assert write_traceparent(TRACE, SPAN, sampled=True) == f"00-{TRACE}-{SPAN}-01"
    assert write_traceparent(TRACE, SPAN, sampled=False) == f"00-{TRACE}-{SPAN}-00"


@pytest.mark.parametrize(
    "text",
    [
        "",
        TRACE,
        f"00-{TRACE}-{SPAN}",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{TRACE}-{SPAN}-1",
        f"ff-{TRACE}-{SPAN}-01",
        f"01-{TRACE}-{SPAN}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE[:-1]}-{SPAN}-01",
        f" 00-{TRACE}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01\n",
        f"00-{TRACE}-{SPAN}-01, 00-{TRACE}-{SPAN}-01",
        f"00-{TRACE[:-1]}\u0661-{SPAN}-01",
    ],
)
def test_anything_else_is_replaced(text: str) -> None:
    assert read_traceparent(text) is None
    story = story_of(text, "")
    assert story.trace_id not in text or not text
    assert re.fullmatch("[0-9a-f]{32}", story.trace_id)
    assert (story.parent, story.request_id) == ("", story.trace_id)


def test_a_request_id_of_the_callers_own_leads_to_the_trace() -> None:
    story = story_of("", "story-12345")
    assert story.request_id == "story-12345"
    assert story.trace_id == trace_id_of("story-12345") == story_of("", "story-12345").trace_id
    named = uuid.uuid4()
    assert story_of("", str(named)).trace_id == named.hex
    assert story_of("", "forged\nline").request_id != "forged\nline"
    assert story_of(f"00-{TRACE}-{SPAN}-01", "story-12345")[:2] == (TRACE, "story-12345")
    assert trace_id_of("0" * 32) != "0" * 32


def test_a_spans_id_is_known_to_whoever_knows_what_it_is_about() -> None:
    assert re.fullmatch("[0-9a-f]{16}", span_id_of(TRACE, "send", "c1"))
    assert span_id_of(TRACE, "send", "c1") == span_id_of(TRACE, "send", "c1")
    assert len({span_id_of(TRACE, kind, "c1") for kind in ("send", "decide")} | {span_id_of(TRACE, "send", "c2")}) == 3


def test_an_answer_names_its_request() -> None:
    client = Client(SERVER_NAME="localhost")
    own = client.get("/livez", headers={"traceparent": f"00-{TRACE}-{SPAN}-01"})
    assert own["X-Request-ID"] == TRACE
    bad = client.get("/livez", headers={"traceparent": f"00-{TRACE}-{SPAN}-zz"})
    assert bad["X-Request-ID"] != TRACE
    named = client.get("/livez", headers={"traceparent": f"00-{TRACE}-{SPAN}-01", "X-Request-ID": "story-12345"})
    assert named["X-Request-ID"] == "story-12345"
