// A canvas to paint on, the pixels that become of it, and for each network that reads them a bar for
// each class. The same code serves a notebook, where the kernel reads the picture (see Painting in
// nnlib/widgets/canvas.py), and an exported page, where alone.js does. One request at a time, then the
// newest.
//
//   question      {number, strokes, shift}   asked for, written here; a stroke is [[x, y], ...]
//   answered      the number of the question that the rest belongs to
//   pixels, reading, printed, fault          the answer
//   answers       [{probabilities, slopes}, ...]   of each network; empty as long as nothing is read

const PATIENCE = 2500; // milliseconds without an answer before a word of explanation
const FINE = 480; // pixels of the canvas itself, twice as many as it is shown with
const PEN = 34;
const GRID = 8; // places across for the pen that is moved by keys
const UP = [0, 114, 178]; // where more ink raises the score, and where it lowers it, as in plots.COLOURS
const DOWN = [230, 159, 0];
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function begun(name) {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

function render({ model, el }) {
  const side = model.get("side");
  const names = model.get("names");
  const reach = model.get("reach");
  const why = model.get("why");
  let strokes = model.get("question").strokes.map((stroke) => [...stroke]);
  let number = model.get("answered");
  let asked = false; // one question at a time
  let stale = false; // something was painted since it was asked
  let patience = 0;
  let pointer = null; // the pointer that paints now
  let place = [4, 4]; // of the pen that is moved by keys
  let down = false;
  let keyed = false; // the keys were used last: their pen is shown

  // JupyterLab would otherwise take the keys for the notebook.
  const keys = { "data-lm-suppress-shortcuts": "true" };
  const paper = element("canvas", {
    class: "nnlib-paint-paper",
    width: FINE,
    height: FINE,
    tabindex: 0,
    role: "application",
    "aria-label":
      "Canvas. The arrow keys move the pen, Space puts it down or lifts it, Backspace takes back " +
      "the last stroke, Delete clears.",
    ...keys,
  });
  const picture = (kind) =>
    element("canvas", { class: `nnlib-paint-picture ${kind}`, width: side, height: side, role: "img" });
  const seen = picture("nnlib-paint-seen");
  const undo = element("button", { type: "button", ...keys }, "↶ undo");
  const clear = element("button", { type: "button", ...keys }, "✕ clear");
  const id = `nnlib-${Math.random().toString(36).slice(2)}`;
  const shift = element("input", { type: "range", min: -reach, max: reach, value: 0, id, ...keys });
  const shifted = element("output", { for: id });
  const shifter = element(
    "div",
    { class: "nnlib-paint-shift" },
    element("label", { for: id }, "Shift: "),
    shifted,
    shift,
  );
  const readers = names.map((name) => {
    const rows = Array.from({ length: model.get("classes") }, (_, k) => {
      const bar = element("div", { class: "nnlib-paint-bar" });
      const track = element("div", { class: "nnlib-paint-track", "aria-hidden": "true" }, bar);
      const share = element("span");
      return { bar, share, row: element("li", {}, element("span", {}, String(k)), track, share) };
    });
    const bars = element("ol", { "aria-label": `${name}: probabilities` }, ...rows.map(({ row }) => row));
    return { name, rows, bars, reason: picture("nnlib-paint-why"), title: element("figcaption") };
  });
  const reading = element("p", { class: "nnlib-paint-reading", role: "status" });
  const whereabouts = element("span", { class: "nnlib-paint-hidden", role: "status" });
  const printed = element("pre");
  const fault = element("p", { class: "nnlib-paint-fault", role: "alert" });
  const figure = (...parts) => element("figure", {}, ...parts);
  const titled = (title, ...parts) => figure(element("figcaption", {}, title), ...parts);
  const column = (...parts) => element("div", { class: "nnlib-paint-column" }, ...parts);
  const buttons = element("div", { class: "nnlib-paint-buttons" }, undo, clear);
  const many = names.length > 1;
  const large = many || why;
  const root = element(
    "div",
    { class: "nnlib-paint", role: "group", "aria-label": "Paint a digit" },
    element(
      "div",
      { class: "nnlib-paint-parts" },
      column(
        titled("Paint here", paper, buttons),
        ...(large ? [reading] : []), // below the canvas: nothing that changes its height may move that
        titled(`What the network${many ? "s see" : " sees"}`, seen, ...(reach ? [shifter] : [])),
      ),
      ...readers.map(({ name, bars, reason, title }) =>
        column(
          titled(many ? begun(name) : "What it makes of it", bars),
          ...(why ? [figure(title, reason)] : []),
        ),
      ),
    ),
    ...(large ? [] : [reading]),
    ...(why
      ? [
          element(
            "p",
            { class: "nnlib-paint-help" },
            element("span", { class: "nnlib-paint-up" }, "Blue"),
            ": more ink here would raise the score of this answer. ",
            element("span", { class: "nnlib-paint-down" }, "Orange"),
            ": it would lower it. The stronger the colour, the more.",
          ),
        ]
      : []),
    element(
      "p",
      { class: "nnlib-paint-help" },
      "Mouse, pen or finger; or, with the canvas selected, arrow keys to move the pen and Space to put " +
        "it down or lift it.",
    ),
    whereabouts,
    printed,
    fault,
  );
  root.classList.toggle("nnlib-paint-large", large);
  root.style.setProperty("--nnlib-scale", model.get("scale"));

  function sketch() {
    const ink = paper.getContext("2d");
    ink.clearRect(0, 0, FINE, FINE);
    ink.lineCap = ink.lineJoin = "round";
    ink.lineWidth = PEN;
    ink.strokeStyle = "#1a1a1a";
    for (const stroke of strokes) {
      ink.beginPath();
      ink.moveTo(stroke[0][0] * FINE, stroke[0][1] * FINE);
      for (const [x, y] of stroke) ink.lineTo(x * FINE, y * FINE);
      ink.stroke();
    }
    if (!keyed) return;
    ink.beginPath(); // the pen that is moved by keys: filled when it is down
    ink.arc(...pen().map((part) => part * FINE), 13, 0, 7);
    ink.fillStyle = down ? "#0072b2" : "#ffffff";
    ink.fill();
    ink.lineWidth = 4;
    ink.strokeStyle = "#0072b2";
    ink.stroke();
  }

  const pen = () => place.map((part) => (part + 0.5) / GRID);

  function painted() {
    stale = true;
    sketch();
    ask();
  }

  function ask() {
    if (asked || !stale) return;
    asked = true;
    stale = false;
    patience = setTimeout(() => {
      root.classList.add("nnlib-paint-late");
      fault.textContent =
        "No answer yet. Is a cell still running? Then the answer follows when it ends. " +
        "If the kernel was restarted, run this cell again.";
    }, PATIENCE);
    number += 1;
    const moved = Number(shift.value);
    model.set("question", { number, strokes: strokes.map((stroke) => [...stroke]), shift: moved });
    model.save_changes();
  }

  function answered() {
    clearTimeout(patience);
    root.classList.remove("nnlib-paint-late");
    if (!asked) {
      strokes = model.get("question").strokes.map((stroke) => [...stroke]); // another view
      shift.value = model.get("question").shift;
    }
    asked = false;
    number = Math.max(number, model.get("answered"));
    show();
    ask();
  }

  // Pixels from 0 to 1 as ink of some darkness, and over it a colour of some strength for each.
  function fill(canvas, pixels, dark, colour, strength) {
    const ground = canvas.getContext("2d");
    const image = ground.createImageData(side, side);
    pixels.forEach((value, i) => {
      const grey = 255 * (1 - dark * value);
      const part = strength(i);
      for (let k = 0; k < 3; k += 1) image.data[4 * i + k] = Math.round((1 - part) * grey + part * colour(i)[k]);
      image.data[4 * i + 3] = 255;
    });
    ground.putImageData(image, 0, 0);
  }

  function showReasons({ name, reason, title }, pixels, { probabilities, slopes } = {}) {
    const answer = probabilities && probabilities.indexOf(Math.max(...probabilities));
    title.textContent = slopes ? `Why ${answer}?` : "Why?";
    const most = slopes ? Math.max(...slopes.map(Math.abs)) || 1 : 1;
    fill(reason, pixels, 0.45, (i) => (slopes?.[i] > 0 ? UP : DOWN), (i) => Math.abs(slopes?.[i] ?? 0) / most);
    const place = (i) => `row ${Math.floor(i / side) + 1}, column ${(i % side) + 1}`;
    const at = (extreme) => place(slopes.indexOf(extreme(...slopes)));
    const told = slopes
      ? `More ink would raise the score of ${answer} most in ${at(Math.max)}, and lower it most in ${at(Math.min)}.`
      : "Nothing is read.";
    reason.setAttribute("aria-label", `Why ${many ? name : "it"} says so. ${told}`);
  }

  function show() {
    const pixels = model.get("pixels");
    const answers = model.get("answers");
    fill(seen, pixels, 1, () => UP, () => 0);
    readers.forEach((reader, n) => {
      const shares = answers[n]?.probabilities ?? [];
      const first = shares.indexOf(Math.max(...shares));
      reader.rows.forEach(({ row, bar, share }, k) => {
        bar.style.width = `${100 * (shares[k] ?? 0)}%`;
        share.textContent = shares.length ? `${Math.round(100 * shares[k])}%` : "";
        row.classList.toggle("nnlib-paint-first", k === first);
      });
      if (why) showReasons(reader, pixels, answers[n]);
    });
    tellShift();
    reading.textContent = model.get("reading");
    seen.setAttribute("aria-label", `The ${side} by ${side} pixels that the network sees. ${model.get("reading")}`);
    printed.textContent = model.get("printed");
    fault.textContent = model.get("fault");
    sketch();
  }

  function tellShift() {
    const n = Number(shift.value);
    const text = n ? `${Math.abs(n)} pixel${Math.abs(n) > 1 ? "s" : ""} to the ${n > 0 ? "right" : "left"}` : "0 pixels";
    shifted.textContent = text;
    shift.setAttribute("aria-valuetext", text);
  }

  function at(event) {
    const box = paper.getBoundingClientRect();
    const share = (part) => Math.round(1000 * Math.min(1, Math.max(0, part))) / 1000;
    return [share((event.clientX - box.left) / box.width), share((event.clientY - box.top) / box.height)];
  }

  paper.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || pointer !== null) return;
    lift();
    keyed = false;
    pointer = event.pointerId;
    paper.setPointerCapture(pointer);
    strokes.push([at(event)]);
    painted();
  });
  paper.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    const events = event.getCoalescedEvents?.() ?? [];
    strokes.at(-1)?.push(...(events.length ? events : [event]).map(at));
    painted();
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    paper.addEventListener(end, (event) => {
      if (event.pointerId === pointer) pointer = null;
    });
  }

  function lift() {
    down = false;
  }

  function tell() {
    whereabouts.textContent = `Pen ${down ? "down" : "up"}, column ${place[0] + 1}, row ${place[1] + 1} of ${GRID}.`;
  }

  paper.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || pointer !== null) return;
    const step = STEPS[event.key];
    if (step) {
      place = place.map((part, i) => Math.min(GRID - 1, Math.max(0, part + step[i])));
      if (down) strokes.at(-1).push(pen());
    } else if (event.key === " ") {
      down = !down;
      if (down) strokes.push([pen()]);
    } else if (event.key === "Backspace") {
      takeBack();
    } else if (event.key === "Delete") {
      empty();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    keyed = true;
    tell();
    down ? painted() : sketch();
  });
  paper.addEventListener("focus", () => {
    keyed = paper.matches(":focus-visible");
    sketch();
  });
  paper.addEventListener("blur", () => {
    lift();
    keyed = false;
    sketch();
  });

  function takeBack() {
    lift();
    strokes.pop();
    painted();
  }

  function empty() {
    lift();
    strokes = [];
    painted();
  }

  shift.addEventListener("input", () => {
    stale = true;
    tellShift();
    ask();
  });
  undo.addEventListener("click", takeBack);
  clear.addEventListener("click", empty);
  model.on("change:answered", answered);
  show();
  el.append(root);
  return () => {
    clearTimeout(patience);
    model.off("change:answered", answered);
  };
}

export default { render };
