"""Load goes to this machine, and elsewhere only when somebody said so by name."""

import pytest

from load.__main__ import main
from load.target import TargetError, check_host


@pytest.mark.parametrize("url", ["http://localhost:8000", "http://127.0.0.1:8100/", "ws://127.0.0.1:8001", "http://[::1]:8000"])
def test_this_machine_may_be_put_under_load(url: str) -> None:
    check_host(url, {})


@pytest.mark.parametrize(
    "url", ["http://tredye.example", "https://10.0.0.7:8000", "http://127.0.0.1.example.com", "ws://192.0.2.1:1"]
)
def test_another_host_is_refused_by_name_with_the_way_out(url: str) -> None:
    with pytest.raises(TargetError) as refused:
        check_host(url, {"LOAD_ALLOWED_HOSTS": "other.example"})

    host = url.partition("//")[2].partition(":")[0]
    assert repr(host) in str(refused.value)
    assert f"LOAD_ALLOWED_HOSTS={host}" in str(refused.value)


def test_a_host_that_was_named_is_allowed() -> None:
    check_host("https://staging.example", {"LOAD_ALLOWED_HOSTS": "other.example, staging.example"})


@pytest.mark.parametrize("url", ["localhost:8000", "file:///etc/passwd", "http://", ""])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(TargetError, match="must be the address"):
        check_host(url, {})


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["smoke", "--url", "http://shop.example"], "'shop.example', which is not this machine"),
        (["smoke", "--url", "http://localhost:1"], "no stack of this project runs at http://localhost:1"),
        (["smke"], "there is no lane 'smke'"),
        (["standard", "--minutes", "0"], "must be above 0"),
        (["compare", "nowhere"], "two runs are compared"),
        (["compare", "nowhere", "neither"], "nowhere has no results"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ENGINE_URL", raising=False)

    assert main(arguments) == 2
    assert said in capsys.readouterr().out
