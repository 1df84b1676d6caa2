// Slides: what a step is, in place of a page's own. The rest of presenting is that of pages.
const slides = [...main.querySelectorAll(".slide")];
const clock = Date.now();
let notes = null;
let waiting = new Set(slides.filter((slide) => slide.querySelector(".waits .output")));

function steps() {
  return slides;
}

function go(to) {
  // A question stands alone first; the next key shows what the cell shows.
  if (to === step + 1 && waiting.has(slides[step]) && slides[step].classList.contains("current")) {
    waiting.delete(slides[step]);
    slides[step].classList.remove("waiting");
    return tell();
  }
  step = Math.max(0, Math.min(to, slides.length - 1));
  slides.forEach((slide, i) => slide.classList.toggle("current", i === step));
  slides[step].classList.toggle("waiting", waiting.has(slides[step]));
  history.replaceState(null, "", `#${step + 1}`);
  fit(slides[step]);
  tell();
}

// Pictures give way until all of the slide is seen, then letters do; before they get small, long
// lines of code are broken.
function fit(slide) {
  const rooms = slide.querySelector(".picture, .nnlib-slider") ? [75, 60, 50, 40] : [75];
  for (const [tight, sizes] of [[false, [1, 0.9, 0.8, 0.7]], [true, [1, 0.9, 0.8, 0.7, 0.6, 0.5]]]) {
    slide.classList.toggle("tight", tight);
    for (const size of sizes) {
      for (const room of rooms) {
        slide.style.setProperty("--fit", size);
        slide.style.setProperty("--room", `${room}vh`);
        if (isSeen(slide)) return;
      }
    }
  }
}

function isSeen(slide) {
  const wide = [...slide.querySelectorAll("pre, .table, .formula, .long")];
  const parts = wide.filter((part) => part.scrollWidth > part.clientWidth + 1);
  return slide.scrollHeight <= slide.clientHeight + 1 && !parts.length;
}

function tell() {
  if (!notes || notes.closed) return;
  const aside = slides[step].nextElementSibling;
  const next = slides[step + 1]?.querySelector("h1, h2, h3")?.textContent.replace(/#$/, "") ?? "The end";
  const minutes = Math.floor((Date.now() - clock) / 60000);
  const said = aside?.matches(".notes") ? aside.innerHTML : "";
  notes.document.title = `Notes, slide ${step + 1}`;
  notes.document.body.innerHTML =
    `<p><b>${step + 1} of ${slides.length}</b>, ${minutes} minutes; next: <span></span></p>${said}`;
  notes.document.querySelector("span").textContent = next;
}

function openNotes() {
  notes = window.open("", "notes", "width=700,height=600");
  if (!notes) return;
  notes.document.head.innerHTML = `<style>${document.querySelector("style").textContent}</style>`;
  tell();
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "s" || event.key === "S") return openNotes();
  if (!document.body.classList.contains("presenting")) return;
  if (event.key === "Home" || event.key === "End") go(event.key === "Home" ? 0 : slides.length - 1);
});
addEventListener("resize", () => document.body.classList.contains("presenting") && fit(slides[step]));

document.body.classList.add("presenting");
for (const button of buttons) button.textContent = "End (Esc)";
go((parseInt(location.hash.slice(1)) || 1) - 1);
