"""The sheet dresses what the templates draw, and nothing that is gone."""

import re
from pathlib import Path

from idp import pages

HERE = Path(pages.__file__).parent


def test_every_class_of_the_sheet_is_worn_in_a_template() -> None:
    sheet = re.sub(r"/\*.*?\*/", "", (HERE / "static" / "motcua.css").read_text("utf-8"))
    templates = "".join(it.read_text("utf-8") for it in (HERE / "templates").glob("*.html"))
    worn = " ".join(re.findall(r'class="([^"]*)"', re.sub(r"{%.*?%}", " ", templates))).split()

    assert set(re.findall(r"\.([a-z][a-z-]*)", sheet)) <= set(worn)
