"""How pytest runs here: one BLAS thread, a fixed hash seed, pictures compared, no undue skip."""

import os

import pytest
from hypothesis import Phase, settings

from tools import apply_settings

apply_settings()  # before anything imports NumPy; kernels inherit it

settings.register_profile("course", derandomize=True, deadline=None)
settings.register_profile(  # `make mutants`: a failure is enough, nobody reads the smallest one
    "mutants",
    settings.get_profile("course"),
    max_examples=25,
    phases=(Phase.explicit, Phase.generate),
)
settings.load_profile(os.environ.get("NNLIB_HYPOTHESIS", "course"))


def pytest_configure(config):
    """nbval compares everything but pictures: hold each against what its cell draws now, too.

    A picture of times, or of a run that ends elsewhere on each processor, is tagged `measured`.
    """
    if not config.pluginmanager.hasplugin("nbval"):
        return
    from nbval.plugin import IPyNbCell

    plain = IPyNbCell.compare_outputs

    def compare_outputs(cell, now, committed, skip_compare=None):
        from tools import pictures  # late: it brings NumPy

        if not plain(cell, now, committed, skip_compare):
            return False
        told = "measured" not in cell.cell.metadata.get("tags", ()) and pictures.differences(
            committed, now
        )
        if told:
            cell.comparison_traceback.append(f"the picture {told}")
        return not told

    IPyNbCell.compare_outputs = compare_outputs


BROWSER = "tests/widgets/test_browser.py"
SLOW = (BROWSER, "notebooks/", "tests/grade/", "tests/project/")
BY_ITSELF = BROWSER + "::test_a_notebook_runs"  # each notebook in the browser: a minute or two


def pytest_collection_modifyitems(items):
    """What is slow comes first, so that no worker ends long after the others."""
    items.sort(key=lambda item: not item.nodeid.startswith(SLOW))
    skip_notebooks(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """A worker takes a whole file, in the order of the items; of BY_ITSELF a single test."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid):
            return nodeid if nodeid.startswith(BY_ITSELF) else super()._split_scope(nodeid)

    config.option.loadscopereorder = False
    return Scheduling(config, log)


def skip_notebooks(items):
    """A notebook that needs something optional is validated where that is, else skipped by name.

    All of it: a cell after one that was not run may print something else than is committed.
    """
    from tools.notebooks import missing, read  # late: it brings NumPy

    absent = {}
    for item in items:
        if item.path.suffix == ".ipynb":
            if item.path not in absent:
                absent[item.path] = ", ".join(missing(read(item.path)))
            if absent[item.path]:
                reason = f"{item.path.name} needs {absent[item.path]}, which is not here"
                item.add_marker(pytest.mark.skip(reason=reason))


def forbidden_skips(reporter):
    """Reports of what was skipped although NNLIB_REQUIRE says that what it needs is here.

    NNLIB_REQUIRE names what must be there, for instance "torch chromium mnist"; CI sets it.
    """
    required = os.environ.get("NNLIB_REQUIRE", "").lower().split()
    return [
        report
        for report in reporter.stats.get("skipped", [])
        if any(name in str(report.longrepr).lower() for name in required)
    ]


def pytest_sessionfinish(session):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and forbidden_skips(reporter) and session.exitstatus == 0:
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter):
    for report in forbidden_skips(terminalreporter):
        terminalreporter.write_line(f"REQUIRED, yet skipped: {report.nodeid}", red=True)
