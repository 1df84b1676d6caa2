// A slider with its reading and its picture. The same code serves a notebook, where the kernel draws
// each picture, and an exported page, where all pictures are in the page (see nnlib/widgets.py).
//
//   sliders   [{label, texts}, ...]   what can be chosen
//   choice    [index, ...]            asked for, written here
//   shown     [index, ...]            what frame and reading belong to, written by the kernel
//   frame, reading, printed, fault    the picture and what is said of it

const PATIENCE = 2500; // milliseconds without an answer before a word of explanation

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function render({ model, el }) {
  const sliders = model.get("sliders");
  const start = model.get("start");
  let wanted = [...model.get("shown")];
  let asked = null; // the choice that the kernel is drawing: one at a time, then the newest
  let patience = 0;
  let playing = 0;
  let width = 0;

  const inputs = [];
  const values = [];
  const controls = sliders.map(({ label, texts }, i) => {
    const id = `nnlib-${Math.random().toString(36).slice(2)}`;
    // JupyterLab would otherwise take the arrow keys for the notebook.
    const keys = { "data-lm-suppress-shortcuts": "true" };
    const input = element("input", { type: "range", min: 0, max: texts.length - 1, id, ...keys });
    const value = element("output", { for: id });
    value.style.minWidth = `${Math.max(...texts.map((text) => text.length))}ch`;
    input.addEventListener("input", () => {
      pause();
      choose(i, Number(input.value));
    });
    inputs.push(input);
    values.push(value);
    return element("div", { class: "nnlib-control" }, element("label", { for: id }, label), input, value);
  });
  const play = element("button", { type: "button" }, "▶ play");
  const reset = element("button", { type: "button" }, "↺ reset");
  const reading = element("p", { class: "nnlib-reading", role: "status" });
  const picture = element("img", { width: model.get("width"), height: model.get("height") });
  const printed = element("pre");
  const fault = element("p", { class: "nnlib-fault", role: "alert" });
  const root = element(
    "div",
    { class: "nnlib-slider", role: "group" },
    ...controls,
    element("div", { class: "nnlib-buttons" }, play, reset),
    reading,
    element("div", { class: "nnlib-stage" }, fault, element("div", { class: "nnlib-picture" }, picture)),
    printed,
  );
  root.setAttribute("aria-label", sliders.map(({ label }) => label).join(" and "));
  root.style.setProperty("--nnlib-scale", model.get("scale"));
  root.style.setProperty("--nnlib-width", `${model.get("width")}px`);

  function choose(i, index) {
    wanted[i] = index;
    follow();
    ask();
  }

  function follow() {
    sliders.forEach(({ texts }, i) => {
      inputs[i].value = wanted[i];
      inputs[i].setAttribute("aria-valuetext", texts[wanted[i]]);
      values[i].textContent = texts[wanted[i]];
    });
  }

  function ask() {
    if (asked || same(wanted, model.get("shown"))) return;
    asked = [...wanted];
    patience = setTimeout(() => {
      root.classList.add("nnlib-late");
      fault.textContent =
        "No answer yet. Is a cell still running? Then the picture follows when it ends. " +
        "If the kernel was restarted, run this cell again.";
    }, PATIENCE);
    model.set("choice", asked);
    model.save_changes();
  }

  function answered() {
    clearTimeout(patience);
    root.classList.remove("nnlib-late");
    if (!asked) wanted = [...model.get("shown")]; // moved in another view of the same output
    asked = null;
    show();
    ask();
  }

  function show() {
    const before = picture.src;
    const frame = model.get("frame");
    picture.src = typeof frame === "string" ? frame : URL.createObjectURL(new Blob([frame]));
    if (before.startsWith("blob:")) URL.revokeObjectURL(before);
    if (root.clientWidth !== width) reading.style.minHeight = "";
    width = root.clientWidth;
    reading.textContent = model.get("reading");
    reading.style.minHeight = `${reading.offsetHeight}px`; // a shorter one does not move the picture
    picture.alt = model.get("reading");
    printed.textContent = model.get("printed");
    fault.textContent = model.get("fault");
    root.classList.toggle("nnlib-failed", Boolean(model.get("fault")));
    follow();
  }

  function pause() {
    clearInterval(playing);
    playing = 0;
    play.textContent = "▶ play";
  }

  play.addEventListener("click", () => {
    if (playing) return pause();
    const last = sliders[0].texts.length - 1;
    if (wanted[0] === last) choose(0, 0);
    play.textContent = "❚❚ pause";
    playing = setInterval(() => {
      if (asked) return;
      if (wanted[0] === last || !root.isConnected) return pause();
      choose(0, wanted[0] + 1);
    }, model.get("pace"));
  });
  reset.addEventListener("click", () => {
    pause();
    wanted = [...start];
    follow();
    ask();
  });

  model.on("change:shown", answered);
  show();
  el.append(root);
  return () => {
    pause();
    clearTimeout(patience);
    model.off("change:shown", answered);
    if (picture.src.startsWith("blob:")) URL.revokeObjectURL(picture.src);
  };
}

function same(a, b) {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

// What stands in for the kernel on an exported page: it knows every picture beforehand.
export function album(held) {
  const state = { ...held, printed: "", fault: "" };
  let listener = () => {};
  const turn = () => {
    [state.frame, state.reading] = held.frames[state.shown.join()];
  };
  state.shown = [...held.start];
  turn();
  return {
    get: (name) => state[name],
    set: (name, value) => (state[name] = value),
    on: (_, call) => (listener = call),
    off: () => {},
    save_changes: () => {
      state.shown = [...state.choice];
      turn();
      listener();
    },
  };
}

export default { render };
