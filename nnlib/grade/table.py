"""The marks as a table: CSV, and a page to look at that needs nothing else."""

import csv
import html
import io
import re
from collections import defaultdict
from dataclasses import dataclass

from .marks import MISSING, RIGHT, WRONG

LOOK = {RIGHT: ("✓", "right"), WRONG: ("→", "wrong"), MISSING: ("…", "missing")}
SHOWN = 12  # of the most frequent mistakes


@dataclass
class Frequent:
    """A mistake of the class: who made it, and what helps."""

    column: str
    mistake: str
    students: list
    what: str
    fix: str


def columns(marks):
    return list(dict.fromkeys(sorted((m.column for m in marks), key=lambda c: c[:2])))


def students(marks):
    return sorted({m.student for m in marks}, key=str.lower)


def written(mark):
    """A mark in one cell of the table."""
    if mark is None:
        return ""
    return f"{mark.status}: {', '.join(mark.mistakes)}" if mark.mistakes else mark.status


def plain(text):
    """A cell that no spreadsheet takes for a formula."""
    text = re.sub(r"[\x00-\x1f\x7f]", " ", text)
    return "'" + text if text[:1] in tuple("=+-@") else text


def as_csv(marks):
    """A row for each student, a column for each exercise."""
    by = {(m.student, m.column): m for m in marks}
    out, heads = io.StringIO(), columns(marks)
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["student", "right", "wrong", "not attempted", *heads])
    for name in students(marks):
        own = [by.get((name, head)) for head in heads]
        counts = [sum(m is not None and m.status == s for m in own) for s in LOOK]
        rows.writerow([plain(name), *counts, *(plain(written(m)) for m in own)])
    return out.getvalue()


def frequent(marks):
    """The mistakes of the class, the most frequent first."""
    found = defaultdict(list)
    for mark in marks:
        for mistake in mark.mistakes[:1]:
            found[mark.column, mistake].append(mark)
    rows = []
    for (column, mistake), made in found.items():
        hints = [*made[0].hints, "", "", ""]
        rows.append(Frequent(column, mistake, [m.student for m in made], hints[0], hints[2]))
    return sorted(rows, key=lambda row: (-len(row.students), row.column, row.mistake))


# ---------------------------------------------------------------- the page


def as_page(marks, says="", problems=()):
    heads, names = columns(marks), students(marks)
    by = {(m.student, m.column): m for m in marks}
    counts = {s: sum(m.status == s for m in marks) for s in LOOK}
    total = " · ".join(f"{n} {status}" for status, n in counts.items())
    parts = [
        f"<h1>{len(names)} students, {len(heads)} exercises</h1><p>{text(total)}</p>",
        "<h2>To say on Monday</h2>",
        to_say(frequent(marks), len(names)),
        "<h2>Who, and what</h2>",
        f'<div class="wide" tabindex="0" role="region" aria-label="Table of marks">'
        f"{table(by, heads, names)}</div>",
        "<h2>One by one</h2>",
        *(one_by_one(name, [m for m in marks if m.student == name]) for name in names),
    ]
    if problems:
        parts += ["<h2>Not graded</h2>", bullets(problems)]
    parts.append(f"<footer><p>{text(says)}</p></footer>")
    return PAGE.format(style=STYLE, body="\n".join(parts))


def text(words):
    return html.escape(str(words))


def code(words):
    """Prose; what stands in backticks is code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", text(words))


def bullets(lines):
    return f"<ul>{''.join(f'<li>{text(line)}</li>' for line in lines)}</ul>"


def to_say(rows, of):
    if not rows:
        return "<p>No mistake was met.</p>"
    items = []
    for row in rows[:SHOWN]:
        who = ", ".join(row.students)
        share = f"{len(row.students)} of {of}"
        items.append(
            f'<li><p class="count"><strong>{share}</strong> {text(row.column)} '
            f"<small>{text(row.mistake)}</small></p>"
            f'<div class="bar" style="width: {100 * len(row.students) / of:.0f}%"></div>'
            f"<p>{code(row.what)}</p>"
            + (f'<p class="fix">{code(row.fix)}</p>' if row.fix else "")
            + f'<p class="who">{text(who)}</p></li>'
        )
    more = len(rows) - SHOWN
    rest = f"<p>And {more} more, as rare as the last of these or rarer.</p>" if more > 0 else ""
    return f'<ol class="say">{"".join(items)}</ol>{rest}'


def table(by, heads, names):
    shown = "".join(f'<th scope="col"><span>{text(head)}</span></th>' for head in heads)
    rows = []
    for name in names:
        own = [by.get((name, head)) for head in heads]
        right = sum(m is not None and m.status == RIGHT for m in own)
        handed = sum(m is not None for m in own)
        cells = "".join(map(cell, own))
        rows.append(
            f'<tr><th scope="row">{text(name)}</th>'
            f'<td class="sum">{right}/{handed}</td>{cells}</tr>'
        )
    head = f'<tr><th scope="col">student</th><th scope="col">right</th>{shown}</tr>'
    return f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"


def cell(mark):
    if mark is None:
        return '<td class="none"><span class="unseen">not handed in</span></td>'
    sign, kind = LOOK[mark.status]
    named = ", ".join(mark.mistakes)
    said = f"<small>{text(named)}</small>" if named else ""
    return (
        f'<td class="{kind}"><span aria-hidden="true">{sign}</span>'
        f'<span class="unseen">{text(mark.status)}</span> {said}</td>'
    )


def one_by_one(name, marks):
    told = [m for m in marks if m.status == WRONG or m.note]
    right = sum(m.status == RIGHT for m in marks)
    rows = []
    for mark in told:
        sign, kind = LOOK[mark.status]
        hints = "".join(f"<li>{code(hint)}</li>" for hint in mark.hints)
        note = f"<p>{code(mark.note)}</p>" if mark.note else ""
        rows.append(
            f'<p class="{kind}"><strong>{sign} {text(mark.column)}</strong> {text(mark.status)}'
            f" <small>{text(', '.join(mark.mistakes))}</small></p>{note}"
            + (f"<ol>{hints}</ol>" if hints else "")
        )
    return (
        f"<details><summary>{text(name)}: {right} of {len(marks)} right</summary>"
        f"{''.join(rows) or '<p>Nothing to say.</p>'}</details>"
    )


STYLE = """
:root { color-scheme: light dark; --ground: #fff; --ink: #1d1d1f; --line: #d9d9de;
  --right: #00694d; --wrong: #a84300; --missing: #66666b; --soft: #f5f5f7; }
@media (prefers-color-scheme: dark) { :root { --ground: #16171a; --ink: #ececf0; --line: #3a3b40;
  --right: #3fc79b; --wrong: #ff9a5c; --missing: #a0a0a8; --soft: #212226; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 78rem; background: var(--ground);
  color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0.5rem 0 0; } h2 { margin: 2.2rem 0 0.6rem; }
p { margin: 0.2rem 0; } small { opacity: 0.85; }
code { font-size: 0.93em; background: var(--soft); padding: 0 0.2em; }
.say { padding: 0; list-style: none; display: grid; gap: 1rem;
  grid-template-columns: repeat(auto-fill, minmax(min(24rem, 100%), 1fr)); }
.say li { border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.8rem 1rem; }
.bar { height: 0.35rem; background: var(--wrong); border-radius: 0.2rem; margin: 0.3rem 0 0.6rem; }
.fix::before { content: "→ "; color: var(--right); font-weight: bold; }
.who { font-size: 0.85rem; color: var(--missing); margin-top: 0.5rem; overflow-wrap: anywhere; }
.wide { position: relative; overflow: auto; max-height: 80vh; border: 1px solid var(--line);
  border-radius: 0.5rem; }
table { border-collapse: separate; border-spacing: 0; font-size: 0.9rem; }
th, td { padding: 0.35rem 0.6rem; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; }
thead th { position: sticky; top: 0; background: var(--soft); z-index: 2; }
tbody th { position: sticky; left: 0; background: var(--ground); z-index: 1;
  max-width: 14rem; overflow-wrap: anywhere; }
thead th:first-child { left: 0; z-index: 3; }
td small { display: block; max-width: 11rem; overflow-wrap: anywhere; line-height: 1.25; }
.right > :first-child { color: var(--right); font-weight: bold; }
.wrong > :first-child { color: var(--wrong); font-weight: bold; }
.missing > :first-child { color: var(--missing); font-weight: bold; }
.none { background: var(--soft); } .sum { font-variant-numeric: tabular-nums; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
details { border-bottom: 1px solid var(--line); padding: 0.5rem 0; overflow-wrap: anywhere; }
summary { cursor: pointer; } footer { margin-top: 3rem; color: var(--missing); font-size: 0.85rem; }
@media print { .wide { max-height: none; overflow: visible; } body { max-width: none; } }
"""
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Marks</title><style>{style}</style></head>
<body>
{body}
</body></html>
"""
