// The pass of notebook 01, one step at a time: the network on one side, the arithmetic on the other.
// Everything is computed here, so a page without a kernel answers just as a notebook does.
//
//   table.numbers   {x_1: 0.9, ..., c_3: 0}                 what is known at the start
//   table.steps     [{name, part, words, lines}, ...]       nnlib/lessons/stepper.py has the lines
//
// A line is {name, tree}: the name of the new number, and its formula as a tree, a number, a name or
// [operation, part, part]. `words` is a list of [condition or null, sentence]: the first that holds.

const OPERATIONS = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  ">": (a, b) => Number(a > b),
  "<=": (a, b) => Number(a <= b),
  max: Math.max,
  exp: Math.exp,
  log: Math.log,
  minus: (a) => -a,
};
const PULL = 12; // pixels of the mouse for a tenth
const MOST = 2; // the largest number that can be dragged to, and minus the smallest
const TRAVEL = 800; // milliseconds that a value is on its way
const PACE = 2500; // milliseconds of a step while it plays
const NARROW = 560; // pixels; below, the network is drawn taller
const WIDE = 980; // pixels; above, the arithmetic stands beside it
const SMALL = "₀₁₂₃₄₅₆₇₈₉";

// ---------------------------------------------------------------- the numbers

export function value(tree, values) {
  if (typeof tree === "number") return tree;
  if (typeof tree === "string") return values[tree];
  const [operation, ...parts] = tree;
  return OPERATIONS[operation](...parts.map((part) => value(part, values)));
}

// All that is known after each step.
export function pass(steps, numbers) {
  let known = { ...numbers };
  return steps.map((step) => {
    known = step.part === "Forward again" ? again(steps, known) : { ...known };
    for (const { name, tree } of step.lines) known[name] = value(tree, known);
    return known;
  });
}

// The way forward once more, with the new numbers in place of the old.
function again(steps, known) {
  const start = { L_before: known.L };
  for (const name of Object.keys(known).filter((name) => /^[xwbuc]_\d+$/.test(name))) {
    start[name] = known[`${name}_new`] ?? known[name];
  }
  return pass(steps.filter(({ part }) => part === "Forward" || part === "Loss"), start).at(-1);
}

const leaves = (tree) => (typeof tree === "string" ? [tree] : Array.isArray(tree) && tree[0] !== ">" ? tree.slice(1).flatMap(leaves) : []);

// ---------------------------------------------------------------- how they are written

const signed = (text) => text.replace("-", "−");

function exact(number) {
  const text = Math.abs(number) < 1e9 ? number.toFixed(4).replace(/\.?0+$/, "") : number.toPrecision(4);
  return signed(text === "-0" ? "0" : text);
}

// One decimal where that is all of it, otherwise two.
function short(number) {
  if (Math.abs(number) >= 1e4) return signed(number.toPrecision(2));
  const text = number.toFixed(Math.abs(number - Math.round(10 * number) / 10) < 1e-9 ? 1 : 2);
  return signed(Number(text) === 0 ? text.replace("-", "") : text);
}

const sign = (number) => (Math.abs(number - Number(number.toFixed(4))) < 1e-9 ? "=" : "≈");

const plain = (name) => {
  const [letter, index = "", after = ""] = name.split("_");
  return letter + index.replace(/\d/g, (digit) => SMALL[digit]) + (after && ` ${after}`);
};

function symbol(name) {
  const [letter, index = "", after = ""] = name.split("_");
  const word = letter.length > 2 ? letter : letter.replace(/([a-zA-Z])$/, "<i>$1</i>");
  return word + (index && `<sub>${index}${after && ` ${after}`}</sub>`);
}

const BINDING = { "+": 1, "-": 1, "*": 2, "/": 2, minus: 1 };

// A formula as HTML; `leaf` writes a name, as its symbol or as its number.
function formula(tree, leaf, values, inside = 0) {
  if (typeof tree === "number") return exact(tree);
  if (typeof tree === "string") return leaf(tree);
  const [operation, first, second] = tree;
  const write = (part, binding = 0) => formula(part, leaf, values, binding);
  if (operation === ">") return exact(value(tree, values)); // an open gate counts 1, a closed one 0
  if (operation === "exp") return `<i>e</i><sup>${write(first)}</sup>`;
  if (operation === "max") return `max(${write(first)}, ${write(second)})`;
  if (operation === "log") return `log(${write(first)})`;
  if (operation === "/") {
    return `<span class="nnlib-fraction"><span>${write(first)}</span><span>${write(second)}</span></span>`;
  }
  const binding = BINDING[operation];
  const text =
    operation === "minus"
      ? `−${write(first, 2)}`
      : operation === "*"
        ? `<span class="nnlib-whole">${write(first, 2)} · ${write(second, 2)}</span>`
        : `${write(first, 1)} ${signed(operation)} ${write(second, operation === "-" ? 2 : 1)}`;
  return binding < inside ? `(${text})` : text;
}

function written({ name, tree }, values) {
  const number = (leaf) => (values[leaf] < 0 && exact(values[leaf]) !== "0" ? `(${exact(values[leaf])})` : exact(values[leaf]));
  const shown = [formula(tree, symbol, values), formula(tree, number, values)];
  const result = exact(values[name]);
  const steps = typeof tree === "string" ? shown.slice(0, 1) : shown;
  const rows = steps.map((step) => `<span class="nnlib-part">= ${step}</span>`);
  return `<span class="nnlib-part">${symbol(name)}</span> ${rows.join(" ")} <b class="nnlib-part">${sign(values[name])} ${result}</b>`;
}

function wordsOf(step, values) {
  return step.words.find(([condition]) => condition === null || value(condition, values))[1];
}

// The step in one sentence, for a screen reader.
export function reading(step, values) {
  const results = step.lines.map(({ name }) => `${name} ${sign(values[name])} ${exact(values[name])}`);
  const told = results.length ? `${step.part}: ${results.join(", ")}` : step.part;
  return `${told}. ${wordsOf(step, values)}`;
}

// ---------------------------------------------------------------- where they stand

// {name: [x, y, anchor]} of every number, lines, units and words, in a box of this width and height.
function layout(tall) {
  const at = {};
  const [width, height] = tall ? [420, 520] : [764, 372];
  const [left, middle, right] = tall ? [36, 190, 364] : [38, 330, 668];
  const rows = { x: tall ? [92, 252, 412] : [58, 178, 298], z: tall ? [172, 332] : [118, 238] };
  rows.s = rows.x;
  const half = tall ? 31 : 58; // of a unit that holds two numbers
  const units = [];
  const words = [];
  const lines = [];
  rows.x.forEach((y, i) => {
    at[`x_${i + 1}`] = [left, y, "middle"];
    units.push({ names: [`x_${i + 1}`], x: left - 28, y: y - 15, width: 56, height: 30 });
    words.push({ input: i, x: 6, y: y - 30, anchor: "start" });
  });
  const unit = (x, y, total, after, bias, k) => {
    if (tall) {
      Object.assign(at, { [total]: [x, y - 13, "middle"], [bias]: [x, y - 40, "middle"], [`d${bias}`]: [x, y - 59, "middle"] });
      for (const name of after) at[name] = [x, y + 13, "middle"];
      Object.assign(at, { [`d${total}`]: [x + (total[0] === "z" ? 4 : 0), y + 40, "middle"], [`d${after[0]}`]: [x + 4, y + 59, "middle"] });
    } else {
      Object.assign(at, { [total]: [x - 29, y, "middle"], [bias]: [x - (total[0] === "z" ? 88 : 82), y - 28, "start"], [`d${bias}`]: [x + 88, y - 28, "end"] });
      for (const name of after) at[name] = [x + 29, y, "middle"];
      Object.assign(at, { [`d${total}`]: [x - (total[0] === "z" ? 92 : 86), y + 28, "start"], [`d${after[0]}`]: [x + 92, y + 28, "end"] });
    }
    const high = tall ? 27 : 15;
    units.push({ names: [total, ...after], x: x - half, y: y - high, width: 2 * half, height: 2 * high, middle: true });
    if (k !== undefined) words.push({ output: k, x: tall ? x : x + 88, y: tall ? y + 59 : y + 28, anchor: tall ? "middle" : "end" });
  };
  rows.z.forEach((y, j) => unit(middle, y, `z_${j + 1}`, [`a_${j + 1}`], `b_${j + 1}`));
  rows.s.forEach((y, k) => unit(right, y, `s_${k + 1}`, [`p_${k + 1}`, `e_${k + 1}`], `c_${k + 1}`, k));
  for (let k = 1; k <= 3; k++) delete at[`dp_${k}`];
  const join = (letter, from, to, x0, x1, share) =>
    from.forEach((y0, i) =>
      to.forEach((y1, j) => {
        const name = `${letter}_${i + 1}${j + 1}`;
        const [x, y] = [x0 + share * (x1 - x0), y0 + share * (y1 - y0)];
        lines.push({ name, x0, y0, x1, y1 });
        at[name] = [x, y, "middle"];
        at[`d${name}`] = [x, y, "start"];
      }),
    );
  join("w", rows.x, rows.z, left + 28, middle - half, tall ? 0.36 : 0.4);
  join("u", rows.z, rows.s, middle + half, right - half, tall ? 0.64 : 0.6);
  Object.assign(at, { total: [tall ? 190 : 480, height - 14, "end"], L: [tall ? 220 : 500, height - 14, "start"] });
  const column = (text, x) => words.push({ text, x, y: height - 14, anchor: "middle" });
  if (!tall) [["x", left], ["z", middle - 29], ["a", middle + 29], ["s", right - 29], ["p", right + 29]].forEach((pair) => column(...pair));
  return { at, units, words, lines, width, height, tall };
}

const colour = (name) => (name === "L" ? "loss" : name[0] === "d" ? "gradient" : /^[wbuc]_/.test(name) ? "weight" : "ink");
const isNumber = (name) => /^[wbuc]_\d+$/.test(name);

// ---------------------------------------------------------------- what is seen

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, held] of Object.entries(attributes)) made.setAttribute(key, held);
  made.append(...children);
  return made;
}

function drawn(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, held] of Object.entries(attributes)) made.setAttribute(key, held);
  made.append(...children);
  return made;
}

function render({ model, el }) {
  const table = model.get("table");
  const scale = model.get("scale");
  const { steps } = table;
  const last = steps.length - 1;
  let numbers = { ...table.numbers };
  let known = pass(steps, numbers);
  const before = known;
  let at = 0; // the step that is shown
  let touched = ""; // the number that was changed last
  let playing = 0;
  let place = null; // the layout
  let marks = {};

  const keys = { "data-lm-suppress-shortcuts": "true" }; // JupyterLab would take them for the notebook
  const id = `nnlib-${Math.random().toString(36).slice(2)}`;
  const input = element("input", { type: "range", min: 0, max: last, value: 0, id, ...keys });
  const output = element("output", { for: id });
  output.style.minWidth = `${Math.max(...steps.map(({ name }) => name.length))}ch`;
  const play = element("button", { type: "button" }, "▶ play");
  const reset = element("button", { type: "button" }, "↺ reset");
  const svg = drawn("svg", { preserveAspectRatio: "xMinYMin", role: "group", "aria-label": "The network and its numbers" });
  const part = element("p", { class: "nnlib-heading" });
  const lines = element("div", { class: "nnlib-lines" });
  const words = element("p", { class: "nnlib-words" });
  const said = element("p", { class: "nnlib-unseen", role: "status" });
  const bars = table.names.map((name) => {
    const bar = element("span", { class: "nnlib-bar" });
    const share = element("span");
    return { bar, share, row: element("li", {}, element("span", {}, name), element("span", { class: "nnlib-track", "aria-hidden": "true" }, bar), share) };
  });
  const told = element("p", { role: "status" });
  const answer = element("div", { class: "nnlib-answer" }, told, element("ol", {}, ...bars.map(({ row }) => row)));
  answer.hidden = true;
  const control = element("div", { class: "nnlib-control" }, element("label", { for: id }, "step"), input, output, play, reset);
  const sheet = element("div", { class: "nnlib-sheet" }, svg, element("div", { class: "nnlib-arithmetic" }, element("div", { class: "nnlib-says" }, part, words), lines, answer));
  const root = element("div", { class: "nnlib-steps", role: "group", "aria-label": "The pass in steps" }, control, sheet, said);
  root.style.setProperty("--nnlib-scale", scale);

  // Makes the drawing; `show` fills it.
  function build(tall) {
    place = layout(tall);
    marks = {};
    svg.setAttribute("viewBox", `0 0 ${place.width} ${place.height}`);
    const wires = place.lines.map(({ name, x0, y0, x1, y1 }) => {
      marks[`line ${name}`] = drawn("line", { x1: x0, y1: y0, x2: x1, y2: y1, class: "nnlib-line" });
      return marks[`line ${name}`];
    });
    const units = place.units.flatMap(({ names, x, y, width, height, middle }) => {
      marks[`unit ${names[0]}`] = drawn("rect", { x, y, width, height, rx: 15, class: names[0][0] === "x" ? "nnlib-unit nnlib-input" : "nnlib-unit" });
      const ends = tall ? { x1: x, x2: x + width, y1: y + height / 2, y2: y + height / 2 } : { x1: x + width / 2, x2: x + width / 2, y1: y, y2: y + height };
      return middle ? [marks[`unit ${names[0]}`], drawn("line", { ...ends, class: "nnlib-half" })] : [marks[`unit ${names[0]}`]];
    });
    const texts = place.words.map(({ text, input, output, x, y, anchor }) => {
      const held = text ?? (input === undefined ? table.names[output] : `${table.inputs[input]} ${plain(`x_${input + 1}`)}`);
      const made = drawn("text", { x, y, "text-anchor": anchor, class: text ? "nnlib-quiet" : "nnlib-name" }, held);
      if (text === "p") marks.column = made;
      return made;
    });
    const held = Object.entries(place.at).map(([name, [x, y, anchor]]) => {
      const text = drawn("text", { x, y, "text-anchor": anchor });
      const frame = drawn("rect", { class: "nnlib-frame", rx: 4 });
      const group = drawn("g", { class: `nnlib-number nnlib-${colour(name)}` }, frame, text);
      marks[name] = { group, text, frame };
      if (isNumber(name)) handle(name, group);
      return group;
    });
    marks.flights = drawn("g", { "aria-hidden": "true" });
    svg.replaceChildren(...wires, ...units, ...texts, ...held, marks.flights);
    show();
  }

  function state(name, step) {
    const used = step.lines.flatMap(({ tree }) => leaves(tree));
    const fresh = step.lines.map((line) => line.name);
    const either = [`${name}_new`, name];
    return either.some((each) => fresh.includes(each)) ? "new" : either.some((each) => used.includes(each)) ? "used" : "known";
  }

  function show() {
    const step = steps[at];
    const values = known[at];
    for (const [name, mark] of Object.entries(marks)) {
      if (!place.at[name]) continue;
      const number = values[`${name}_new`] ?? values[name];
      const hidden = number === undefined || (name[0] === "e" && values[name.replace("e", "p")] !== undefined);
      mark.group.style.display = hidden ? "none" : "";
      if (hidden) continue;
      const now = state(name, step);
      const inUnit = /^[xzasep]_/.test(name);
      const label = inUnit || (/^[wu]_/.test(name) && now !== "used") || /^d[wu]_/.test(name) ? "" : name === "L" ? "loss L" : plain(name);
      mark.text.textContent = `${label} ${short(number)}`.trim();
      mark.group.setAttribute("data-state", now);
      if (/^d?[wu]_/.test(name)) {
        const both = values[`d${name.replace("d", "")}`] !== undefined;
        const [x, y] = place.at[name];
        const blame = name[0] === "d";
        const shift = !both ? [0, 0, "middle"] : place.tall ? [0, blame ? 10 : -10, "middle"] : [blame ? 5 : -4, 0, blame ? "start" : "end"];
        mark.text.setAttribute("x", x + shift[0]);
        mark.text.setAttribute("y", y + shift[1]);
        mark.text.setAttribute("text-anchor", shift[2]);
      }
      if (isNumber(name)) {
        mark.group.setAttribute("aria-valuenow", numbers[name]);
        const blame = values[`d${name}`] === undefined ? "" : `, blame ${exact(values[`d${name}`])}`;
        mark.group.setAttribute("aria-valuetext", `${exact(numbers[name])}${blame}`);
      }
    }
    for (const { name } of place.lines) {
      const number = values[`${name}_new`] ?? values[name];
      const strong = [name, `d${name}`].some((each) => state(each, step) !== "known");
      const wire = marks[`line ${name}`];
      wire.style.strokeWidth = 0.8 + 3 * Math.abs(number);
      wire.style.strokeDasharray = number < 0 ? "7 4" : "";
      wire.classList.toggle("nnlib-strong", strong);
    }
    for (const { names } of place.units) {
      const active = names.some((name) => values[name] !== undefined && state(name, step) !== "known");
      marks[`unit ${names[0]}`].classList.toggle("nnlib-active", active);
    }
    if (marks.column) marks.column.textContent = values.p_1 === undefined ? "e" : "p";
    part.textContent = step.part;
    lines.className = step.lines.length === 1 ? "nnlib-lines nnlib-one" : "nnlib-lines";
    lines.innerHTML = step.lines.map((line) => `<p>${written(line, values)}</p>`).join("");
    words.textContent = wordsOf(step, values);
    if (at === 0) lines.append(...legend());
    input.value = at;
    output.textContent = step.name;
    input.setAttribute("aria-valuetext", reading(step, values));
    frames();
  }

  function legend() {
    const line = (style, text) => element("p", { class: `nnlib-${style}` }, text);
    return [
      line("used", "In bold: what goes into a step."),
      line("framed", "In a frame: what comes out of it."),
      line("weight", "Blue: weights and biases. Drag one, or select it with Tab and press ↑ or ↓."),
      line("gradient", "Orange: blame."),
    ];
  }

  // What is new stands in a frame as wide as its text.
  function frames() {
    const fresh = Object.entries(marks).filter(([name, { group }]) => place.at[name] && group.style.display === "" && (group.getAttribute("data-state") === "new" || isNumber(name)));
    const boxes = fresh.map(([, { text }]) => text.getBBox());
    fresh.forEach(([, { frame }], i) => {
      const { x, y, width, height } = boxes[i];
      for (const [key, held] of Object.entries({ x: x - 4, y: y - 1, width: width + 8, height: height + 2 })) frame.setAttribute(key, held);
    });
  }

  // ---- a step

  function go(to) {
    const forward = to === at + 1;
    at = Math.max(0, Math.min(last, to));
    marks.flights.replaceChildren();
    show();
    said.textContent = reading(steps[at], known[at]);
    if (forward && !matchMedia("(prefers-reduced-motion: reduce)").matches) travel();
  }

  // What goes into the step runs along the lines to where its result stands. What passes a weight is
  // multiplied by it there.
  function travel() {
    const values = known[at];
    for (const { name, tree } of steps[at].lines) {
      const end = name.replace("_new", "");
      for (const term of terms(tree)) {
        const names = leaves(term);
        const weight = names.length === 2 && names.find((each) => /^[wu]_/.test(each));
        if (weight) {
          const [other] = names.filter((each) => each !== weight);
          fly(short(values[other]), colour(other), [other, weight], 0, TRAVEL / 2);
          fly(short(value(term, values)), colour(other), [weight, end], TRAVEL / 2, TRAVEL / 2);
        } else {
          for (const each of names.filter((each) => each !== end)) fly(short(values[each]), colour(each), [each, end], 0, TRAVEL);
        }
      }
    }
  }

  function fly(text, kind, way, delay, duration) {
    const [from, to] = way.map(centre);
    if (!from || !to) return;
    const wide = 9 * text.length + 10;
    const pill = drawn("g", { class: `nnlib-flight nnlib-${kind}` }, drawn("rect", { x: -wide / 2, y: -12, width: wide, height: 24, rx: 12 }), drawn("text", { "text-anchor": "middle" }, text));
    marks.flights.append(pill);
    const frame = ([x, y]) => ({ transform: `translate(${x}px, ${y}px)`, opacity: 1 });
    pill.animate([frame(from), frame(to)], { delay, duration, easing: "ease-in-out" }).onfinish = () => pill.remove();
  }

  function centre(name) {
    const mark = marks[name];
    if (!mark || mark.group.style.display === "none") return null;
    const { x, y, width, height } = mark.text.getBBox();
    return [x + width / 2, y + height / 2];
  }

  // ---- a number

  function handle(name, group) {
    const [from, to] = [...name.split("_")[1]].map((digit) => digit - 1);
    const units = ["hidden unit 1", "hidden unit 2"];
    const what = {
      w: `weight from ${table.inputs[from]} to ${units[to]}`,
      u: `weight from ${units[from]} to ${table.names[to]}`,
      b: `bias of ${units[from]}`,
      c: `bias of ${table.names[from]}`,
    }[name[0]];
    const attributes = { role: "slider", tabindex: 0, "aria-label": `${plain(name)}, ${what}`, "aria-valuemin": -MOST, "aria-valuemax": MOST, ...keys };
    for (const [key, held] of Object.entries(attributes)) group.setAttribute(key, held);
    group.classList.add("nnlib-handle");
    let held = null; // where the pointer took it, and its value there
    group.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      held = { x: event.clientX, y: event.clientY, value: numbers[name] };
      group.setPointerCapture(event.pointerId);
      group.focus();
      event.preventDefault();
    });
    group.addEventListener("pointermove", (event) => {
      if (!held) return;
      change(name, held.value + Math.round((event.clientX - held.x + held.y - event.clientY) / PULL) / 10);
    });
    for (const end of ["pointerup", "pointercancel"]) group.addEventListener(end, () => (held = null));
    group.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const by = { ArrowUp: 0.1, ArrowRight: 0.1, ArrowDown: -0.1, ArrowLeft: -0.1, PageUp: 0.5, PageDown: -0.5 }[event.key];
      const ends = { Home: -MOST, End: MOST, Delete: table.numbers[name], Backspace: table.numbers[name] }[event.key];
      if (by === undefined && ends === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      change(name, ends ?? numbers[name] + by);
    });
  }

  function change(name, to) {
    const number = Math.min(MOST, Math.max(-MOST, Math.round(10 * to) / 10));
    if (number === numbers[name]) return;
    pause();
    numbers = { ...numbers, [name]: number };
    touched = name;
    known = pass(steps, numbers);
    marks.flights.replaceChildren();
    show();
    respond();
  }

  // What the change did: it can be seen at any step, also before that step is reached.
  function respond() {
    const values = known[steps.findIndex(({ part }) => part === "Update") - 1];
    const old = before[steps.findIndex(({ part }) => part === "Update") - 1];
    answer.hidden = Object.keys(numbers).every((name) => numbers[name] === table.numbers[name]);
    if (answer.hidden) return;
    bars.forEach(({ bar, share }, k) => {
      const p = values[`p_${k + 1}`];
      bar.style.width = `${100 * p}%`;
      share.textContent = p.toFixed(4);
    });
    const changed = `${plain(touched)} ${exact(table.numbers[touched])} → ${exact(numbers[touched])}`;
    told.textContent = `${changed}: loss ${exact(old.L)} → ${exact(values.L)}, blame of ${plain(touched)} ${exact(old[`d${touched}`])} → ${exact(values[`d${touched}`])}.`;
  }

  // ---- the buttons

  function pause() {
    clearInterval(playing);
    playing = 0;
    play.textContent = "▶ play";
  }

  input.addEventListener("input", () => {
    pause();
    go(Number(input.value));
  });
  play.addEventListener("click", () => {
    if (playing) return pause();
    go(at === last ? 0 : at + 1);
    play.textContent = "❚❚ pause";
    playing = setInterval(() => {
      if (at === last || !root.isConnected) return pause();
      go(at + 1);
    }, PACE);
  });
  reset.addEventListener("click", () => {
    pause();
    numbers = { ...table.numbers };
    known = before;
    respond();
    go(0);
  });

  const watching = new ResizeObserver(() => {
    const width = root.clientWidth;
    if (!width) return;
    root.classList.toggle("nnlib-beside", width >= WIDE * scale);
    const tall = width < NARROW;
    root.classList.toggle("nnlib-tall", tall);
    if (!place || place.tall !== tall) build(tall);
    else frames();
  });
  build(false);
  el.append(root);
  watching.observe(root);
  return () => {
    pause();
    watching.disconnect();
  };
}

// Stands in for the kernel's model on an exported page.
export const held = (state) => ({ get: (name) => state[name] });

function terms(tree) {
  return Array.isArray(tree) && ["+", "-", "max"].includes(tree[0]) ? tree.slice(1).flatMap(terms) : [tree];
}

export default { render };
