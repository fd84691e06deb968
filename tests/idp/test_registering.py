"""Clients that register themselves, as the settings say."""

from pathlib import Path

import pytest

from idp.agencies import BadStatementKeys
from tests.oidc.registering import open_to_all

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"keys": [{"kty": "oct", "k": "AA"}]}'])
async def test_without_keys_for_statements_it_says_which_file_is_none(
    tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "keys.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(BadStatementKeys, match=r"keys\.json is no key set"):
        async with open_to_all(tmp_path, statement_issuers={"https://d.example": file}):
            pass
