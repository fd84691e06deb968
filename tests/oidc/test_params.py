"""RFC 6749 sections 3.1 and 3.2 and appendix B: parameters, read strictly."""

import pytest

from oidc.errors import InvalidRequest
from oidc.params import MOST, Params


@pytest.mark.protocol(27)
def test_the_last_word_on_each_parameter() -> None:
    params = Params.read(b"a=1&b=&c=x+y%20z&d&%C3%A9=%E1%BB%99&")
    assert params.values == {"a": "1", "c": "x y z", "é": "ộ"}
    assert params.get("b") is None
    assert params.sound() is params


@pytest.mark.protocol(27)
def test_what_comes_twice_is_refused_where_it_is_asked_for() -> None:
    params = Params.read(b"a=1&b=2&a=1")
    assert params.need("b") == "2"
    with pytest.raises(InvalidRequest, match="a is repeated or no text"):
        params.get("a")
    with pytest.raises(InvalidRequest, match="a parameter is repeated or no text"):
        params.sound()


@pytest.mark.parametrize(
    "value",
    [b"%00", b"x%00y", b"%ED%A0%80", b"%FF", b"\xc3\xa9", b"\xc3%A9", b"\x00", b"%C3+"],
    ids=repr,
)
def test_what_is_no_text_is_refused(value: bytes) -> None:
    with pytest.raises(InvalidRequest):
        Params.read(b"a=" + value).get("a")
    with pytest.raises(InvalidRequest):
        Params.read(value + b"=a").sound()


def test_a_stray_percent_sign_is_itself() -> None:
    assert Params.read(b"a=100%&b=%zz").values == {"a": "100%", "b": "%zz"}


def test_nobody_needs_so_many() -> None:
    assert Params.read(b"&".join(b"p%d=1" % n for n in range(MOST))).sound()
    with pytest.raises(InvalidRequest, match="too many"):
        Params.read(b"&".join(b"p%d=1" % n for n in range(MOST + 1)))


def test_what_is_needed_and_missing_is_named() -> None:
    with pytest.raises(InvalidRequest, match="missing code") as refused:
        Params.read(b"code=").need("code")
    assert refused.value.public == "Parameter code is missing."
