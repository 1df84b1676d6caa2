"""Binder opens the course at notebook 00: repo2docker's steps for .binder/, without its container.

What the files say of each other is looked at always; installing by them takes minutes, and the
workflow does it. Binder itself cannot be tried here.
"""

import os
import re
import subprocess
import sys
import tomllib

import pytest
from test_ways import copy_to, opens

from tools import ROOT, site

FOLDER = ROOT / ".binder"


def test_its_python_is_one_that_the_course_allows_and_its_scripts_may_run():
    version = re.fullmatch(r"python-3\.(\d+)\n", (FOLDER / "runtime.txt").read_text())
    allowed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert int(version[1]) >= int(allowed["requires-python"].removeprefix(">=3."))
    for name in ("postBuild", "start"):
        listed = subprocess.run(
            ["git", "ls-files", "--stage", f".binder/{name}"],
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        assert listed.stdout.startswith("100755") or not listed.stdout


def test_the_readme_links_to_what_a_page_links_to(monkeypatch):
    monkeypatch.setenv("COURSE_ADDRESS", "https://github.com/OWNER/REPOSITORY")
    _, (link, _) = site.SitePage("00_start_here").elsewhere
    assert f"({link})" in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.ways
def test_by_the_files_of_binder_the_course_opens_at_notebook_00(tmp_path):
    course, home, environment = tmp_path / "course", tmp_path / "home", tmp_path / "environment"
    copy_to(course)
    home.mkdir()
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    outside = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    path = f"{environment / 'bin'}{os.pathsep}{os.environ['PATH']}"
    outside |= {"PATH": path, "HOME": str(home)}
    for line in (
        "pip3 install --no-cache-dir -r .binder/requirements.txt",
        ".binder/postBuild",
    ):
        done = subprocess.run(
            line, shell=True, cwd=course, env=outside, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
    opens(".binder/start jupyter lab --allow-root", cwd=course, env=outside)
