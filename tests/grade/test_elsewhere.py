"""An answer that runs in another process gets the same verdict as in the notebook, word by word."""

import pytest

from nnlib import checks
from nnlib.checks.catalogue import exercises, namespace
from nnlib.grade import sandbox

FUNCTIONS = [e for e in exercises().values() if e.kind == "function"]
SOME = 3  # mistakes of each exercise that are tried


@pytest.fixture(scope="module")
def process():
    with sandbox.fence() as fence:
        found = sandbox.Process(fence)
        assert found.run("import math\nimport numpy as np\nimport nnlib as nn\nc = 1.0", 60) is None
        yield found
        found.end()


def sources(exercise):
    """The right answer and some wrong ones."""
    yield exercise.source()
    rows = [m for m in exercise.mistakes if m.replacements and not m.free]
    for mistake in rows[:: max(1, len(rows) // SOME)][:SOME]:
        yield exercise.source(mistake.replacements[0])
    if exercise.given:
        yield exercise.given


@pytest.mark.parametrize("exercise", FUNCTIONS, ids=lambda e: e.name)
def test_the_verdict_is_the_same(exercise, process):
    name, check = exercise.signature.partition("(")[0], getattr(checks, exercise.name)
    for source in sources(exercise):
        space = namespace() | {"c": 1.0}
        exec(compile(source, "<string>", "exec"), space)
        here = check.judge((space[name],), {})
        assert process.run(source, 10) is None
        values, _ = process.values(f"(({name},), {{}})", exercise.given)
        there = check.judge(values, {})
        told = [here.passed, here.mistakes, here.effect, here.note]
        assert [there.passed, there.mistakes, there.effect, there.note] == told, source
        if here.effect != "raises":  # there the line is told, which `exec` has none of
            assert there.hints == here.hints
    assert process.alive
