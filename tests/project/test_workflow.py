"""The workflow runs what .ci/run runs, within limits, and pins what it uses."""

import re

import pytest
import yaml

from tools import ROOT

FILE = ROOT / ".github" / "workflows" / "ci.yml"
TEXT = FILE.read_text(encoding="utf-8")
JOBS = yaml.safe_load(TEXT)["jobs"]


def commands(job):
    return [step["run"] for step in job["steps"] if "run" in step]


def test_every_action_is_pinned_by_its_commit_and_names_its_version():
    used = re.findall(r"uses: (\S+)(.*)", TEXT)
    assert used
    for action, comment in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action), action
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), action


@pytest.mark.parametrize("name", JOBS)
def test_every_job_has_a_time_limit(name):
    assert 10 <= JOBS[name]["timeout-minutes"] <= 90


def test_nothing_may_be_written_and_a_newer_push_ends_an_older_run():
    whole = yaml.safe_load(TEXT)
    assert whole["permissions"] == {"contents": "read"}
    assert "cancel-in-progress" in whole["concurrency"]
    assert [name for name, job in JOBS.items() if "permissions" in job] == ["site", "colab"]


def test_the_site_is_what_the_full_job_has_built_and_only_of_main():
    site, (*_, handed) = JOBS["site"], JOBS["full"]["steps"]
    assert site["needs"] == "full" and site["permissions"] == {
        "pages": "write",
        "id-token": "write",
    }
    assert "upload-pages-artifact" in handed["uses"] and handed["with"] == {"path": "build/site"}
    assert site["if"] == handed["if"] and "refs/heads/main" in site["if"]
    assert "make site" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_colabs_branch_is_published_after_all_tests_and_only_of_main():
    colab = JOBS["colab"]
    assert colab["needs"] == "full" and colab["if"] == JOBS["site"]["if"]
    assert colab["permissions"] == {"contents": "write"}
    assert commands(colab)[-1].endswith("-m tools.alone publish")


def test_the_full_job_is_the_projects_own_script():
    assert commands(JOBS["full"]) == ["bash .ci/run"]


def test_the_core_runs_on_every_python_that_is_promised():
    matrix = JOBS["core"]["strategy"]["matrix"]
    assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14"]
    assert {os.partition("-")[0] for os in matrix["os"]} == {"macos", "windows"}
    assert "python -m tools.environment" in commands(JOBS["core"])


def test_once_a_week_the_newest_packages_are_tried():
    assert "cron" in TEXT and JOBS["newest"]["strategy"]["matrix"]["pre"] == ["", "--pre"]
