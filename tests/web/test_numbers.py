"""How numbers and instants look."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from apps.core.sparkline import HEIGHT, WIDTH, spark
from apps.web.templatetags import numbers


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        ("0", 2, "0.00"),
        ("1234567.891", 2, "1,234,567.89"),
        ("-1234.5", 2, "−1,234.50"),
        ("-0.001", 2, "0.00"),
        ("0.12345678", 8, "0.12345678"),
        ("1E+3", 0, "1,000"),
        ("9" * 30 + ".99", 2, "999," * 9 + "999.99"),
    ],
)
def test_an_amount_is_grouped_and_exact(value: str, decimals: int, text: str) -> None:
    assert numbers.money(Decimal(value), decimals) == text


def test_a_missing_number_is_a_dash_and_a_float_is_a_mistake() -> None:
    assert [numbers.price(v) for v in (None, "")] == ["–", "–"]
    with pytest.raises(TypeError, match="float"):
        numbers.price(1.5)  # type: ignore[arg-type]


def test_a_change_always_carries_its_sign() -> None:
    assert [numbers.percent(Decimal(v)) for v in ("1.256", "0", "-1.2", "0.001")] == ["+1.26%", "0.00%", "−1.20%", "0.00%"]
    assert numbers.signed(Decimal("3")) == "+3.00"
    assert numbers.signed(Decimal("-3")) == "−3.00"
    assert [numbers.direction(v) for v in (None, Decimal(0), Decimal(1), Decimal(-1))] == ["flat", "flat", "up", "down"]


def test_a_number_for_a_form_is_plain() -> None:
    assert [numbers.wire(v) for v in (Decimal("1E+3"), Decimal("0.10000000"), Decimal("5"), None)] == ["1000", "0.1", "5", ""]
    assert numbers.ppm(1000) == "0.1%"
    assert numbers.basis_points(500) == "5%"


def test_an_instant_is_in_the_readers_zone_with_the_exact_one_in_the_title() -> None:
    at = datetime(2026, 11, 21, 3, 4, 5, 678901, tzinfo=UTC)
    with timezone.override("Asia/Kolkata"):
        text = str(numbers.instant(at))
    assert ">2026-11-21 08:34:05<" in text
    assert 'title="2026-11-21 03:04:05.678901 UTC"' in text


def test_a_spark_line_stays_in_its_box() -> None:
    points = [tuple(map(int, point.split(","))) for point in spark([Decimal(v) for v in ("5", "1", "9", "9")]).split()]
    assert [x for x, _ in points] == [0, WIDTH // 3, 2 * WIDTH // 3, WIDTH]
    assert all(0 <= y <= HEIGHT for _, y in points)
    assert points[2][1] == min(y for _, y in points)
    assert spark([Decimal(1)]) == ""
    assert spark([Decimal(1), Decimal(1)]) == f"0,{HEIGHT // 2} {WIDTH},{HEIGHT // 2}"
