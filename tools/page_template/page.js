// Presenting: code folded, pictures across the page, one key a step. Without JavaScript a page is
// read as it is; the button then stays hidden.
const main = document.querySelector("main");
const buttons = document.querySelectorAll("button.present");
let step = 0;

// A step begins at each heading and at each picture or slider; what stands between belongs to it.
function steps() {
  const found = [...main.querySelectorAll("h1, h2, h3, .picture, .nnlib-page, .nnlib-steps-page, table")];
  return found.filter((part) => !part.closest("details") && part.getClientRects().length);
}

function go(to) {
  const all = steps();
  step = Math.max(0, Math.min(to, all.length - 1));
  all[step].scrollIntoView({ block: "start" });
}

// Where a pass in single steps is shown, it goes on by one of its own, until it is through.
function walked(part, way) {
  const slider = part?.querySelector(".nnlib-steps input");
  const before = slider?.value;
  if (!slider) return false;
  way > 0 ? slider.stepUp() : slider.stepDown();
  slider.dispatchEvent(new Event("input"));
  return slider.value !== before;
}

function present(on) {
  document.body.classList.toggle("presenting", on);
  for (const button of buttons) button.textContent = on ? "End (Esc)" : "Present";
  const all = steps();
  const here = all.findIndex((part) => part.getBoundingClientRect().bottom > 0);
  if (on) go(Math.max(here, 0));
}

document.addEventListener("keydown", (event) => {
  if (!document.body.classList.contains("presenting")) return;
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Escape") return present(false);
  if (event.target.closest("input, button, textarea, summary, [tabindex]")) return; // a slider's own keys
  const way = { ArrowRight: 1, PageDown: 1, " ": 1, ArrowLeft: -1, PageUp: -1 }[event.key];
  if (!way) return;
  event.preventDefault();
  if (!walked(steps()[step], way)) go(step + way);
});

for (const button of buttons) {
  button.hidden = false;
  button.addEventListener("click", () => present(!document.body.classList.contains("presenting")));
}
