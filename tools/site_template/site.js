// What a page of the site has beyond its text: a table of contents that follows, terms that tell
// their sentence, a search. Without JavaScript the page is read as it is.
{
  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };

  // ------------------------------------------------------------ the table of contents

  const toc = document.querySelector(".toc");
  if (toc) {
    const folded = toc.querySelector("details");
    const beside = matchMedia("(min-width: 75rem)");
    const fold = () => { folded.open = beside.matches; };
    fold();
    beside.addEventListener("change", fold);
    const links = new Map([...toc.querySelectorAll("a")].map((link) => [link.hash, link]));
    const places = [...links.keys()].map((hash) => document.getElementById(decodeURIComponent(hash.slice(1))));
    let current = null;
    let waiting = false;
    const follow = () => {
      waiting = false;
      const passed = places.filter((place) => place.getBoundingClientRect().top < 140);
      const link = passed.length ? [...links.values()][passed.length - 1] : null;
      if (link === current) return;
      current?.removeAttribute("aria-current");
      link?.setAttribute("aria-current", "location");
      current = link;
      if (link && beside.matches) {
        const [own, all] = [link.getBoundingClientRect(), toc.getBoundingClientRect()];
        if (own.top < all.top + 40 || own.bottom > all.bottom - 40) {
          toc.scrollTop += own.top - all.top - all.height / 2;
        }
      }
    };
    addEventListener("scroll", () => {
      if (!waiting) requestAnimationFrame(follow);
      waiting = true;
    }, { passive: true });
    follow();
    toc.addEventListener("click", (event) => {
      if (event.target.closest("a") && !beside.matches) folded.open = false;
    });
  }

  // ------------------------------------------------------------ terms

  // The sentence stays within the window; Escape puts it away; where nothing hovers, the first touch
  // shows it and the second follows the link.
  const place = (gloss) => {
    const tip = gloss.querySelector(".tip");
    tip.style.setProperty("--shift", "0px");
    const box = tip.getBoundingClientRect();
    const over = box.right - (document.documentElement.clientWidth - 12);
    tip.style.setProperty("--shift", `${Math.max(Math.min(-over, 0), 12 - box.left)}px`);
    gloss.classList.toggle("above", gloss.getBoundingClientRect().bottom + box.height + 16 > innerHeight);
  };
  for (const gloss of document.querySelectorAll(".gloss")) {
    const back = () => gloss.classList.remove("hushed");
    const show = () => { back(); place(gloss); };
    gloss.addEventListener("pointerenter", show);
    gloss.addEventListener("focusin", show);
    gloss.addEventListener("focusout", () => gloss.classList.remove("held"));
    gloss.querySelector(".term").addEventListener("click", (event) => {
      if (matchMedia("(hover: hover)").matches || gloss.classList.contains("held")) return;
      event.preventDefault();
      for (const other of document.querySelectorAll(".held")) other.classList.remove("held");
      gloss.classList.add("held");
      show();
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const gloss of document.querySelectorAll(".gloss:is(:hover, :focus-within, .held)")) {
      gloss.classList.add("hushed");
      gloss.classList.remove("held");
    }
  });
  document.addEventListener("click", (event) => {
    for (const gloss of document.querySelectorAll(".held")) {
      if (!gloss.contains(event.target)) gloss.classList.remove("held");
    }
  });

  // ------------------------------------------------------------ what scrolls, by keyboard too

  const reachable = () => {
    for (const part of document.querySelectorAll("pre, .picture, .table, .formula, .long, .nnlib-picture")) {
      if (part.scrollWidth > part.clientWidth + 1) part.tabIndex = 0;
      else part.removeAttribute("tabindex");
    }
  };
  addEventListener("load", reachable);
  addEventListener("resize", reachable);
  document.addEventListener("toggle", reachable, true);

  // ------------------------------------------------------------ search

  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const wordsOf = (text) => plain(text).match(/[\p{L}\p{N}_]+/gu) ?? [];
  let sections = null;

  function load() {
    if (sections) return Promise.resolve();
    return new Promise((done, failed) => {
      const script = element("script", { src: "search.js" });
      script.addEventListener("load", () => {
        sections = window.courseIndex.flatMap(([file, title, held]) =>
          held.map(([anchor, heading, text], i) => ({
            file, title, anchor, heading, text,
            first: i === 0, // the opening of a page
            low: plain(`${heading} ${text}`),
            lowHeading: plain(heading),
            lowTitle: plain(title),
          })));
        done();
      });
      script.addEventListener("error", failed);
      document.head.append(script);
    });
  }

  // Each word must begin a word of the section or of its page's title. A heading counts more than the
  // text, the beginning of a page more than its middle.
  function score(section, words) {
    let total = 0;
    for (const word of words) {
      const begins = new RegExp(`(?<![\\p{L}\\p{N}])${word}`, "gu");
      const whole = new RegExp(`(?<![\\p{L}\\p{N}])${word}(?![\\p{L}\\p{N}])`, "u");
      const times = (section.low.match(begins) ?? []).length;
      const inTitle = begins.test(section.lowTitle);
      if (!times && !inTitle) return 0;
      total += Math.log1p(times);
      if (whole.test(section.lowHeading)) total += 6;
      else if (new RegExp(begins, "u").test(section.lowHeading)) total += 3;
      if (inTitle) total += section.first ? 6 : 0.5;
      if (!times) total -= 0.4;
    }
    if (section.lowHeading === words.join(" ")) total += 8;
    return total;
  }

  function found(text) {
    const words = wordsOf(text);
    if (!words.length) return [];
    const scored = sections.map((section) => ({ section, points: score(section, words) }));
    return scored.filter(({ points }) => points > 0).sort((a, b) => b.points - a.points);
  }

  // The text around the first word that was asked for, with all of them marked.
  function passage(text, words) {
    const any = new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join("|")})[\\p{L}\\p{N}_]*`, "giu");
    const at = Math.max(0, text.search(any));
    let from = at < 60 ? 0 : text.indexOf(" ", at - 60) + 1;
    const end = from + 180 < text.length ? text.lastIndexOf(" ", from + 180) : text.length;
    const part = text.slice(from, end);
    const made = [from ? "… " : ""];
    let last = 0;
    for (const match of part.matchAll(any)) {
      made.push(part.slice(last, match.index), element("mark", {}, match[0]));
      last = match.index + match[0].length;
    }
    made.push(part.slice(last), end < text.length ? " …" : "");
    return made;
  }

  const button = document.querySelector("button.seek");
  const field = element("input", {
    type: "search", id: "seek-field", autocomplete: "off", spellcheck: "false",
    placeholder: "softmax, learning rate, transpose …",
  });
  const told = element("p", { role: "status" });
  const list = element("ol", {});
  const dialog = element(
    "dialog", { class: "search", "aria-label": "Search the course" },
    element("form", { method: "dialog" },
      element("label", { for: "seek-field" }, "Search the course"),
      element("div", { class: "row" }, field, element("button", { type: "submit", value: "close" }, "Close"))),
    told, list,
  );
  document.body.append(dialog);
  button.hidden = false;

  function seek() {
    if (!sections) return;
    const words = wordsOf(field.value);
    const all = found(field.value);
    const some = all.slice(0, 20);
    told.textContent = !words.length ? "" :
      !all.length ? "Nothing found." :
      all.length > some.length ? `${some.length} of ${all.length} places` :
      all.length === 1 ? "1 place" : `${all.length} places`;
    list.replaceChildren(...some.map(({ section }) => {
      const where = section.anchor ? `${section.file}#${section.anchor}` : section.file;
      const same = section.heading === section.title || !section.heading;
      const link = element("a", { href: where },
        element("strong", {}, section.heading || section.title),
        ...(same ? [] : [element("span", { class: "from" }, section.title)]),
        element("span", { class: "passage" }, ...passage(section.text, words)));
      return element("li", {}, link);
    }));
  }

  function open() {
    if (dialog.open) return;
    dialog.showModal();
    field.select();
    load().then(seek, () => { told.textContent = "The search could not be loaded."; });
  }
  button.addEventListener("click", open);
  field.addEventListener("input", seek);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("a")) dialog.close();
  });
  dialog.addEventListener("keydown", (event) => {
    const stops = [field, ...list.querySelectorAll("a")];
    const at = stops.indexOf(document.activeElement);
    if (event.key === "Escape") { // a field for searching would only empty itself
      event.preventDefault();
      return dialog.close();
    }
    if (event.key === "Enter" && at === 0) {
      event.preventDefault();
      stops[1]?.click();
    }
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (to === undefined || at < 0 || !stops[to]) return;
    event.preventDefault();
    stops[to].focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey || event.target.closest("input, textarea, select")) return;
    const slash = event.key === "/" && !event.ctrlKey;
    if (!slash || document.body.classList.contains("presenting")) return;
    event.preventDefault();
    open();
  });
}
