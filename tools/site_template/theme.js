// Light and dark: the reader's system says which, until the button says otherwise. Runs before the
// page is painted, so that it does not flash.
{
  const kept = () => { try { return localStorage.getItem("course-shade"); } catch { return null; } };
  const keep = (shade) => { try { localStorage.setItem("course-shade", shade); } catch { /* not kept */ } };
  const system = matchMedia("(prefers-color-scheme: dark)");
  let rules = null; // those for the dark; null where a browser does not let a file read them

  function find() {
    const found = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
    return found.filter((rule) => rule.media && rule.media.mediaText.includes("prefers-color-scheme"));
  }
  const dark = () => (kept() ? kept() === "dark" : system.matches);

  function paint() {
    if (!kept()) return;
    for (const rule of rules) rule.media.mediaText = dark() ? "screen" : "not all";
    document.documentElement.style.colorScheme = kept();
  }
  try {
    rules = find();
    paint();
  } catch { rules = null; }

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("button.shade");
    const told = () => button.setAttribute("aria-pressed", dark());
    if (!rules || !rules.length) return;
    button.hidden = false;
    told();
    system.addEventListener("change", told);
    button.addEventListener("click", () => {
      keep(dark() ? "light" : "dark");
      if (!kept()) return;
      paint();
      told();
    });
  });
}
