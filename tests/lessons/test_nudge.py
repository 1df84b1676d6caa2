"""The pictures of notebook 04: their numbers are those of the function that is handed in."""

import matplotlib.pyplot as plt
import numpy as np

from nnlib.lessons import nudge


def parabola(many):
    """x² at 3, nudged: the change is 6ε + ε²."""
    many = np.asarray(many)
    return 6 * many + many**2


def test_the_reading_compares_the_promise_with_what_happens():
    _, axes = plt.subplots(1, 2)
    told = nudge.draw(axes, 0.5, parabola, 6.0, "open")
    assert told == (
        "ε = 0.5: gradient · ε = 3, measured ΔL = 3.25. "
        "They differ by 8.3 % of gradient · ε; the gate is open."
    )
    assert "gate is closed" in nudge.draw(axes, -2.0, parabola, 6.0, "closed")
    plt.close("all")


def test_curve_line_and_both_points_stand_where_they_belong():
    _, axes = plt.subplots(1, 2)
    nudge.draw(axes, -0.5, parabola, 6.0, "open")
    _, curve, line, _, happened, promised = axes[0].lines
    np.testing.assert_allclose(curve.get_ydata(), parabola(curve.get_xdata()))
    np.testing.assert_allclose(line.get_ydata(), 6 * line.get_xdata())
    assert (happened.get_xdata()[0], happened.get_ydata()[0]) == (-0.5, -2.75)
    assert (promised.get_xdata()[0], promised.get_ydata()[0]) == (-0.5, -3.0)
    *_, promised = axes[1].lines  # enlarged: in units of eps and of the promise
    assert (promised.get_xdata()[0], promised.get_ydata()[0]) == (-1.0, -1.0)
    plt.close("all")


def test_the_parts_of_the_square_are_those_of_its_formula():
    _, ax = plt.subplots()
    nudge.square(ax, x=3, h=0.5)
    areas = [p.get_width() * p.get_height() for p in ax.patches]
    assert sum(areas) == 3.5**2 and areas[1] == areas[2] == 3 * 0.5 and areas[3] == 0.25
    assert "two strips" in ax.alt
    plt.close("all")
