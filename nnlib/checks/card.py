"""A verdict as a card: for notebooks, where the text form is replaced by HTML.

The next hint unfolds with a click or a key, without asking the kernel.
"""

import html
import re

LOOK = {True: ("✓", "#009E73"), False: ("→", "#D55E00"), None: ("…", "#767676")}
FRAME = "border-left: 4px solid {colour}; padding: 0.2em 0 0.2em 0.9em; margin: 0.3em 0; "
TEXT = "max-width: 46em; line-height: 1.5; overflow-wrap: break-word;"


def card(result, met):
    """The card of a Result. `met` holds whether each check of this session has passed so far."""
    icon, colour = LOOK[result.passed]
    first, *_ = str(result).splitlines()
    verdict, point, note = first.partition(". " if result.passed else "yet.")
    verdict = f"{verdict}{point.rstrip()}"
    parts = [f'<strong style="color: {colour}">{icon}</strong> <strong>{_text(verdict)}</strong>']
    parts = [f'<p style="margin: 0">{parts[0]} {_text(note.strip())}</p>']
    if not result.passed:
        parts.append(_hints(result.hints, result.tier))
    solved = sum(met.values())
    if len(met) > 1:
        told = f"Solved in this session: {solved} of {len(met)} exercises met."
        parts.append(f'<p style="margin: 0.4em 0 0; opacity: 0.75">{told}</p>')
    style = FRAME.format(colour=colour) + TEXT
    return f'<div class="nnlib-check" role="status" style="{style}">{"".join(parts)}</div>'


def _hints(hints, tier):
    """Those asked for, then the others, each inside the one before: they unfold one by one."""
    shown = "".join(_hint(n, text) for n, text in enumerate(hints[:tier], 1))
    folded = ""
    for n in range(len(hints), tier, -1):
        summary = f'<summary style="cursor: pointer">Next hint ({n} of {len(hints)})</summary>'
        folded = f"<details>{summary}{_hint(n, hints[n - 1])}{folded}</details>"
    return shown + folded


def _hint(n, text):
    return f'<p style="margin: 0.35em 0"><strong>Hint {n}.</strong> {_text(text)}</p>'


def _text(text):
    """Prose wraps between words; what stands in backticks is code, and stays in one piece."""
    text = html.escape(text).replace("\n", "<br>")
    return re.sub(r"`([^`]+)`", r'<code style="white-space: nowrap">\1</code>', text)
