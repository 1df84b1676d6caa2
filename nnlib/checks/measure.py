"""What is off, measured: for answers that no known mistake explains.

Each measure looks at the learner's answers beside the right ones and returns an Effect, a name and
three hints, or None. The first that speaks is heard.
"""

from dataclasses import dataclass


@dataclass
class Effect:
    name: str
    hints: list


def values(exercise, matcher, outcomes):
    wrong = [exercise.returns[k] for k in matcher.wrong_outputs()]
    return Effect("values", [f"{' and '.join(wrong)}: off.", "?", "?"])
