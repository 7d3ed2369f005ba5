"""Where rising rates stop being carried: by goodput and by p99."""

from load.knee import Step, find_knee


def steps(*rows: tuple[float, float, float]) -> list[Step]:
    return [Step(f"{offered:g}/s", offered, good, p99) for offered, good, p99 in rows]


def test_the_knee_is_the_last_step_whose_requests_had_good_answers() -> None:
    knee = find_knee(steps((50, 50, 9), (100, 99, 12), (200, 150, 300), (400, 140, 5000)))

    assert knee.carried is not None and knee.carried.offered == 100
    assert knee.broke is not None and knee.broke.offered == 200
    assert "of 200 requests a second 150 had a good answer" in knee.why


def test_slow_answers_are_a_knee_though_all_come() -> None:
    knee = find_knee(steps((50, 50, 9), (100, 100, 900)))

    assert knee.carried is not None and knee.carried.offered == 50
    assert "p99 was 900 ms" in knee.why


def test_a_hiccup_between_two_good_steps_is_none() -> None:
    knee = find_knee(steps((50, 50, 9), (100, 60, 2000), (200, 199, 20), (400, 100, 9000)))

    assert knee.carried is not None and knee.carried.offered == 200
    assert knee.broke is not None and knee.broke.offered == 400


def test_a_knee_beyond_the_last_step_is_said_to_be_there() -> None:
    knee = find_knee(steps((50, 50, 9), (100, 100, 12)))

    assert knee.broke is None
    assert "beyond the last" in knee.why


def test_nothing_may_be_carried_and_nothing_may_have_been_tried() -> None:
    assert find_knee(steps((50, 1, 9000))).carried is None
    assert find_knee([]).carried is None
