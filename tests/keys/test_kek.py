"""The key-encryption key comes from a file that only we can read."""

from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from keys.kek import KeyFileError, make_kek, read_kek

KEY = bytes(range(32))
TEXT = urlsafe_b64encode(KEY)


def written(path: Path, content: bytes, mode: int = 0o600) -> Path:
    path.write_bytes(content)
    path.chmod(mode)
    return path


@pytest.mark.parametrize("content", [KEY, TEXT, TEXT.rstrip(b"="), TEXT + b"\n"])
def test_it_is_raw_or_in_base64url(tmp_path: Path, content: bytes) -> None:
    assert read_kek(written(tmp_path / "kek", content)) == KEY


@pytest.mark.parametrize(
    "content", [b"", KEY[:31], KEY * 2, TEXT[:-4], b"not a key", b"\xff" * 43, b"A" * 42 + b"B"]
)
def test_nothing_else_is_a_key(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(KeyFileError, match="does not hold 32 bytes"):
        read_kek(written(tmp_path / "kek", content))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o777])
def test_a_file_that_is_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    path = written(tmp_path / "kek", KEY, mode)
    with pytest.raises(KeyFileError, match=f"run chmod 600 {path}"):
        read_kek(path)


def test_a_credential_that_nobody_may_write_is_read(tmp_path: Path) -> None:
    assert read_kek(written(tmp_path / "kek", KEY, 0o400)) == KEY


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="kek cannot be read: No such file"):
        read_kek(tmp_path / "kek")


def test_the_demonstration_makes_one_that_only_we_can_read(tmp_path: Path) -> None:
    path = tmp_path / "data" / "kek"
    made = make_kek(path)
    assert read_kek(path) == make_kek(path) == made
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["kek"]


def test_what_is_there_is_never_replaced(tmp_path: Path) -> None:
    assert make_kek(written(tmp_path / "kek", KEY)) == KEY
    with pytest.raises(KeyFileError):
        make_kek(written(tmp_path / "other", b"something else"))
    assert (tmp_path / "other").read_bytes() == b"something else"


def test_of_programs_that_start_at_once_all_have_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(30) as pool:
        made = set(pool.map(make_kek, [tmp_path / "kek"] * 30))
    assert len(made) == 1
