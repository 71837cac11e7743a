// Search: finds as one types, filters without leaving the page, arrows through the finds.
const form = document.getElementById("seek");
const box = document.getElementById("q");
const finder = document.getElementById("finder");
const count = document.getElementById("count");
const WAIT = 160;
const narrow = window.matchMedia("(max-width: 800px)");
let waiting = null;
let asking = null;
let typed = false;

const address = () => {
  const wanted = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value.trim()) wanted.set(name, value);
  return wanted.size ? `/search?${wanted}` : "/search";
};

async function show(target) {
  asking?.abort();
  asking = new AbortController();
  const late = setTimeout(() => finder.classList.add("late"), 400);
  try {
    const answer = await fetch(target, { headers: { Accept: "text/html" }, signal: asking.signal });
    if (answer.redirected) { window.location.assign(target); return false; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("finder");
    if (!fresh) { count.textContent = page.querySelector("main [role=alert]")?.textContent ?? ""; return false; }
    const place = finds().indexOf(document.activeElement);
    finder.replaceChildren(...fresh.childNodes);
    if (place >= 0) (finds()[Math.min(place, finds().length - 1)] ?? box).focus();
    count.replaceChildren(...page.getElementById("count").childNodes);
    document.title = page.title;
    fold();
    return true;
  } catch (error) {
    if (error.name !== "AbortError") window.location.assign(target);
    return false;
  } finally {
    clearTimeout(late);
    finder.classList.remove("late");
  }
}

// One entry in the history for a spell of typing, one for each filter.
async function go(target, { replacing }) {
  if (target === window.location.pathname + window.location.search) return;
  // The address changes with what is seen, not before: a link of the old finds would lose the words.
  if (!await show(target)) return;
  if (replacing) history.replaceState(null, "", target); else history.pushState(null, "", target);
}

function seek() {
  clearTimeout(waiting);
  const replacing = typed;
  typed = true;
  go(address(), { replacing });
}

box.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(seek, WAIT); });
box.addEventListener("blur", () => { typed = false; });
form.addEventListener("submit", (event) => { event.preventDefault(); seek(); typed = false; });
finder.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href^='/search']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const target = link.getAttribute("href");
  typed = false;
  await go(target, { replacing: false });
  const asked = new URL(window.location.href).searchParams;
  box.value = asked.get("q") ?? "";
  (finder.querySelector(`a[href="${CSS.escape(target)}"]`) ?? box).focus({ preventScroll: true });
  if (link.matches(".pager a")) window.scrollTo(0, 0);
});
window.addEventListener("popstate", () => {
  box.value = new URL(window.location.href).searchParams.get("q") ?? "";
  typed = false;
  show(window.location.pathname + window.location.search);
});

const finds = () => [...finder.querySelectorAll(".hits .title")];
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const all = finds();
  const at = all.indexOf(document.activeElement);
  if (at < 0 && document.activeElement !== box && document.activeElement !== document.body) return;
  const next = event.key === "ArrowDown" ? all[at + 1] : all[at - 1] ?? (at === 0 ? box : null);
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.closest("li")?.scrollIntoView({ block: "nearest" });
});

function fold() {
  const filters = finder.querySelector("[data-filters]");
  if (filters) filters.open = !narrow.matches;
}
narrow.addEventListener("change", fold);
fold();

// What is about to be opened is drawn meanwhile, so that its first page is there at once.
const drawn = new Set();
function draw(event) {
  const item = event.target.closest?.(".hits > li");
  const picture = item?.querySelector(".thumb img");
  const document_ = picture?.getAttribute("src").match(/^\/documents\/\w+/)?.[0];
  if (!document_ || drawn.has(document_)) return;
  drawn.add(document_);
  fetch(`${document_}/pages/1.jpg?width=640`, { priority: "low" }).catch(() => drawn.delete(document_));
}
finder.addEventListener("pointerover", draw);
finder.addEventListener("focusin", draw);
