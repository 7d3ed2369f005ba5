"""Whose query it was, and how many a page made."""

import threading
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from prometheus_client import REGISTRY

from apps.eventlog.database import own_connection
from apps.observability import metrics
from apps.observability.callers import called, time_query

pytestmark = pytest.mark.django_db


def count(caller: str) -> float:
    return REGISTRY.get_sample_value("tredye_database_query_seconds_count", {"caller": caller}) or 0.0


def ask(sql: str = "SELECT 1") -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_query_is_counted_for_whoever_says_that_it_is_at_work(settings: Any) -> None:
    before, of_process = count("a consumer"), count(settings.PROCESS_NAME)
    ask()
    with called("a consumer"):
        ask()
        with called("a job"):
            ask()
        ask()
    assert count("a consumer") == before + 2 and count("a job") >= 1
    assert count(settings.PROCESS_NAME) == of_process + 1


def test_two_threads_do_not_count_for_each_other() -> None:
    before, seen = count("the other"), []

    def other() -> None:
        with called("the other"):
            seen.append(count("the other"))

    with called("this one"):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(20)
        ask()
    assert seen == [before] and count("the other") == before


def test_the_queries_of_a_request_are_its_views_those_before_it_is_known_too(client: Client) -> None:
    view = "web:status"
    before = count(view)
    requests = REGISTRY.get_sample_value("tredye_database_page_queries_count", {"caller": view}) or 0
    sum_before = REGISTRY.get_sample_value("tredye_database_page_queries_sum", {"caller": view}) or 0
    assert client.get("/status/").status_code == 200
    made = REGISTRY.get_sample_value("tredye_database_page_queries_sum", {"caller": view}) - sum_before  # type: ignore[operator]
    assert made > 3 and count(view) - before == made
    assert REGISTRY.get_sample_value("tredye_database_page_queries_count", {"caller": view}) == requests + 1


def test_what_no_view_answers_is_of_none(client: Client) -> None:
    before = REGISTRY.get_sample_value("tredye_database_page_queries_count", {"caller": "none"}) or 0
    assert client.get("/nowhere/at/all/").status_code == 404
    assert REGISTRY.get_sample_value("tredye_database_page_queries_count", {"caller": "none"}) == before + 1


def test_a_query_that_fails_is_timed_and_counted() -> None:
    failed = metrics.DATABASE_QUERIES_FAILED.labels("a failing one")
    before = failed._value.get()
    with called("a failing one"), pytest.raises(DatabaseError), transaction.atomic():
        ask("SELECT 1 FROM no_such_table")
    assert failed._value.get() == before + 1


def test_a_connection_is_watched_once_however_often_it_is_made() -> None:
    connection.ensure_connection()
    assert connection.execute_wrappers.count(time_query) == 1


def test_a_connection_of_ones_own_is_timed_when_it_says_for_whom() -> None:
    before = count("somebody's own")
    with own_connection("test callers", caller="somebody's own") as mine:
        mine.execute("SELECT 1")
        with pytest.raises(psycopg.Error):
            mine.execute("SELECT 1 FROM no_such_table")
    assert count("somebody's own") == before + 2
    with own_connection("test callers") as other:
        other.execute("SELECT 1")
    assert count("somebody's own") == before + 2
