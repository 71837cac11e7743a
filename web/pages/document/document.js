// A document: find in it with the words lit on its pages, pages by keys, zoom, its text beside it.
const reader = document.getElementById("document");
const sheets = document.getElementById("sheets");
const figures = [...sheets.querySelectorAll("figure")];
const box = document.getElementById("find-text");
const counted = document.getElementById("find-count");
const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";

// The same folding as the search index: no marks, no case, one character for one character.
const fold = (text) => [...text.normalize("NFC")].map((one) => {
  if (one === "đ" || one === "Đ") return "d";
  const bare = one.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return bare.length === one.length ? bare : one;
}).join("");
const wordsOf = (text) => fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
const pattern = (text) => {
  const words = wordsOf(text);
  return words.length ? new RegExp(words.join("[^\\p{L}\\p{N}]+"), "gu") : null;
};

// --- words on the pages ---------------------------------------------------------------------
const known = new Map();
async function wordsOn(page) {
  if (!known.has(page)) {
    known.set(page, fetch(`/documents/${reader.dataset.id}/pages/${page}/words.json`)
      .then((answer) => (answer.ok ? answer.json() : { width: 1, height: 1, words: [] }))
      .catch(() => { known.delete(page); return { width: 1, height: 1, words: [] }; }));
  }
  return known.get(page);
}

// Which words, counted from 0, fit what is looked for: a group for each place.
function fitting(texts, wanted) {
  let text = "";
  const starts = texts.map((word) => { const start = text.length; text += `${word} `; return start; });
  return [...fold(text).matchAll(wanted)].map((one) => {
    const last = one.index + one[0].length;
    return starts.flatMap((start, place) => (start < last && start + texts[place].length > one.index ? [place] : []));
  }).filter((group) => group.length);
}

// A corrected word is found as it was read, too; a place that fits both ways is lit once.
function groupsOf(words, wanted) {
  const groups = fitting(words.map(([text]) => text), wanted);
  if (words.some(([, , , , , raw]) => raw)) {
    const lit = new Set(groups.map(String));
    const asRead = fitting(words.map(([text, , , , , raw]) => raw ?? text), wanted);
    groups.push(...asRead.filter((group) => !lit.has(String(group))));
    groups.sort(([one], [other]) => one - other);
  }
  return groups;
}

function light(figure, read, groups) {
  figure.querySelector(".lights")?.remove();
  if (!groups.length) return [];
  const name = "http://www.w3.org/2000/svg";
  const layer = document.createElementNS(name, "svg");
  layer.setAttribute("class", "lights");
  layer.setAttribute("viewBox", `0 0 ${read.width} ${read.height}`);
  layer.setAttribute("preserveAspectRatio", "none");
  layer.setAttribute("aria-hidden", "true");
  const around = read.width / 200;
  const made = groups.map((group) => {
    const lights = group.map((place) => {
      const [, x0, y0, x1, y1] = read.words[place];
      const rect = document.createElementNS(name, "rect");
      for (const [key, value] of Object.entries({ x: x0 - around, y: y0 - around, width: x1 - x0 + 2 * around, height: y1 - y0 + 2 * around })) rect.setAttribute(key, value);
      return layer.appendChild(rect);
    });
    return { figure, lights, top: Number(lights[0].getAttribute("y")) / read.height };
  });
  figure.append(layer);
  return made;
}

// --- finding --------------------------------------------------------------------------------
let places = [];
let at = -1;
let turn = 0;
async function find() {
  const mine = ++turn;
  const wanted = pattern(box.value);
  const found = [];
  for (const figure of figures) {
    const read = wanted ? await wordsOn(figure.dataset.page) : null;
    if (mine !== turn) return;
    found.push(...light(figure, read, read ? groupsOf(read.words, wanted) : []));
  }
  places = found;
  at = -1;
  markText(wanted);
  counted.textContent = wanted ? (places.length ? `${places.length}` : counted.dataset.none) : "";
  if (places.length) go(Math.max(0, places.findIndex((one) => Number(one.figure.dataset.page) >= current())));
}

function markText(wanted) {
  for (const pre of document.querySelectorAll("#panel-text pre")) {
    const text = pre.textContent.normalize("NFC");
    const pieces = [];
    let position = 0;
    for (const one of wanted ? fold(text).matchAll(wanted) : []) {
      const mark = document.createElement("mark");
      mark.textContent = text.slice(one.index, one.index + one[0].length);
      pieces.push(text.slice(position, one.index), mark);
      position = one.index + one[0].length;
    }
    pre.replaceChildren(...pieces, text.slice(position));
  }
}

function go(to) {
  if (!places.length) return;
  places[at]?.lights.forEach((one) => one.classList.remove("now"));
  at = (to + places.length) % places.length;
  const place = places[at];
  place.lights.forEach((one) => one.classList.add("now"));
  counted.textContent = `${at + 1}/${places.length}`;
  const top = place.figure.getBoundingClientRect().top + place.top * place.figure.clientHeight;
  if (top < 130 || top > window.innerHeight - 120) {
    window.scrollTo({ top: Math.max(0, window.scrollY + top - window.innerHeight / 3), behavior: calm });
  }
  const marks = document.querySelectorAll("#panel-text mark");
  // The text beside is the corrected one: what was found as it was read is not marked there.
  marks.forEach((one, index) => one.classList.toggle("now", index === at && marks.length === places.length));
}

let later = null;
box.addEventListener("input", () => { clearTimeout(later); later = setTimeout(find, 200); });
document.getElementById("find").addEventListener("submit", async (event) => {
  event.preventDefault();
  clearTimeout(later);
  if (at < 0) await find(); else go(at + 1);
});
document.getElementById("find-back").addEventListener("click", () => go(at - 1));
box.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.shiftKey) { event.preventDefault(); go(at - 1); } });

// --- pages ----------------------------------------------------------------------------------
const shown = document.getElementById("page-now");
const current = () => {
  const middle = window.innerHeight * 0.4;
  const best = figures.filter((one) => one.getBoundingClientRect().top <= middle).at(-1) ?? figures[0];
  return Number(best?.dataset.page ?? 1);
};
const tell = () => {
  const page = current();
  shown.textContent = shown.dataset.text.replace("{0}", page).replace("{1}", figures.length);
  const panel = document.getElementById("panel-text");
  if (panel.hidden || panel.dataset.page === String(page)) return;
  panel.dataset.page = page;
  const section = panel.querySelector(`[data-text="${page}"]`);
  if (section) panel.scrollTop = section.offsetTop - panel.offsetTop;
};
const toPage = (page) => figures[Math.min(Math.max(page, 1), figures.length) - 1]?.scrollIntoView({ behavior: calm });
document.getElementById("page-back").addEventListener("click", () => toPage(current() - 1));
document.getElementById("page-on").addEventListener("click", () => toPage(current() + 1));
let asked = false;
window.addEventListener("scroll", () => {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => { asked = false; tell(); });
}, { passive: true });

let zoom = 1;
const setZoom = (to) => {
  zoom = Math.min(4, Math.max(0.5, to));
  sheets.style.setProperty("--zoom", zoom);
  for (const picture of sheets.querySelectorAll("img")) sharpen(picture);
};
function sharpen(picture) {
  const needed = zoom * (window.devicePixelRatio || 1);
  const better = needed > 2 ? picture.dataset.largest : needed > 1.05 ? picture.dataset.large : null;
  if (!better || picture.dataset.shows === better) return;
  picture.dataset.shows = better;
  picture.removeAttribute("srcset");
  picture.src = better;
}
document.getElementById("larger").addEventListener("click", () => setZoom(zoom * 1.25));
document.getElementById("smaller").addEventListener("click", () => setZoom(zoom / 1.25));
document.getElementById("fit").addEventListener("click", () => setZoom(1));
// The first page comes small and at once; a sharper one takes its place on fine screens.
const first = figures[0]?.querySelector("img");
if (first) { if (first.complete) sharpen(first); else first.addEventListener("load", () => sharpen(first), { once: true }); }

// --- what stands beside ----------------------------------------------------------------------
const tabs = [...document.querySelectorAll("[role=tab]")];
function choose(tab) {
  for (const one of tabs) {
    const is = one === tab;
    one.setAttribute("aria-selected", is);
    one.tabIndex = is ? 0 : -1;
    document.getElementById(one.getAttribute("aria-controls")).hidden = !is;
  }
  tell();
}
tabs.forEach((tab, place) => {
  tab.addEventListener("click", () => choose(tab));
  tab.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    event.stopPropagation();
    const next = tabs[(place + 1) % tabs.length];
    choose(next);
    next.focus();
  });
});

tell();
if (box.value) find();
