"""The documents: the example runs and prints what stands beside it, links lead somewhere."""

import contextlib
import io
import re

import pytest

from tools import ROOT

DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "notebooks/TEACHING.md"]


def example():
    return re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S).group(1)


def test_the_example_of_the_readme_prints_what_stands_beside_it():
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(example(), {})
    expected = re.search(r"print\(history\)\s+# (.*)", example()).group(1)
    assert printed.getvalue().splitlines()[0] == expected
    assert "analytic and numeric gradients agree" in printed.getvalue()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_within_the_project_leads_to_a_file(name):
    document = ROOT / name
    links = re.findall(r"\]\((?!https?:|#)([^)\s]+)\)", document.read_text("utf-8"))
    missing = [link for link in links if not (document.parent / link.split("#")[0]).exists()]
    assert not missing


@pytest.mark.parametrize(
    "command",
    ["lab", "test", "notebooks", "pages", "site", "slides", "pdf", "figures", "matrix", "student"],
)
def test_every_command_that_the_documents_name_is_in_the_makefile(command):
    assert f"make {command}" in (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert re.search(rf"^{command}:", (ROOT / "Makefile").read_text("utf-8"), re.M)
