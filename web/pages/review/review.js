// Review: what was read lights up on the page; pages are turned, moved, dropped, cut; Enter confirms.
const document_ = document.getElementById("document");
const stage = document.getElementById("stage");
const csrf = document.querySelector("meta[name=csrf]").content;
const form = document.getElementById("review");
const failed = document.getElementById("failed");
const api = "/api/v1";

// --- seeing ---------------------------------------------------------------------------------
let zoom = 1;
const setZoom = (to) => {
  const middle = (stage.scrollTop + stage.clientHeight / 2) / stage.scrollHeight;
  zoom = Math.min(4, Math.max(0.4, to));
  stage.style.setProperty("--zoom", zoom);
  document.getElementById("zoom").textContent = `${Math.round(zoom * 100)} %`;
  stage.scrollTop = middle * stage.scrollHeight - stage.clientHeight / 2;
};
document.getElementById("larger").addEventListener("click", () => setZoom(zoom * 1.25));
document.getElementById("smaller").addEventListener("click", () => setZoom(zoom / 1.25));
document.getElementById("fit").addEventListener("click", () => setZoom(1));
stage.addEventListener("wheel", (event) => {
  if (!event.ctrlKey) return;
  event.preventDefault();
  setZoom(zoom * (event.deltaY < 0 ? 1.1 : 1 / 1.1));
}, { passive: false });

let held = null;
stage.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || event.pointerType === "touch") return;
  held = { x: event.clientX + stage.scrollLeft, y: event.clientY + stage.scrollTop };
  stage.classList.add("dragged");
});
addEventListener("pointermove", (event) => {
  if (!held) return;
  stage.scrollTo(held.x - event.clientX, held.y - event.clientY);
});
addEventListener("pointerup", () => { held = null; stage.classList.remove("dragged"); });

const figures = () => [...stage.querySelectorAll("figure")];
const current = () => {
  const top = stage.scrollTop + stage.clientHeight / 3;
  return figures().findLast((one) => one.offsetTop - stage.offsetTop <= top) ?? figures()[0];
};
const show = (figure) => figure && stage.scrollTo({ top: figure.offsetTop - stage.offsetTop - 4 });
const step = (by) => { const all = figures(); show(all[all.indexOf(current()) + by]); };
document.getElementById("page-up").addEventListener("click", () => step(-1));
document.getElementById("page-down").addEventListener("click", () => step(1));
stage.addEventListener("scroll", () => {
  const page = current()?.dataset.page;
  for (const one of document.querySelectorAll(".strip > li")) one.classList.toggle("current", one.dataset.thumb === page);
});
for (const thumb of document.querySelectorAll("[data-show]")) {
  thumb.addEventListener("click", () => show(document.getElementById(thumb.dataset.show)));
}

const light = (name) => {
  for (const one of document.querySelectorAll(".lit")) {
    const is = one.dataset.for === name;
    one.classList.toggle("on", is);
    if (!is) continue;
    const place = one.querySelector("rect").getBoundingClientRect();
    const frame = stage.getBoundingClientRect();
    if (place.top < frame.top || place.bottom > frame.bottom) stage.scrollTop += place.top - frame.top - frame.height / 3;
    if (place.left < frame.left || place.right > frame.right) stage.scrollLeft += place.left - frame.left - frame.width / 3;
  }
};
for (const field of form.querySelectorAll("[data-field]")) {
  field.addEventListener("focusin", () => light(field.dataset.field));
}
for (const pick of document.querySelectorAll("[data-pick]")) {
  pick.addEventListener("click", () => form.querySelector(".choose").pick(pick.dataset.pick));
}
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit(document.getElementById("confirm"));
});

// --- keeping what was typed -------------------------------------------------------------------
const draft = `review:${document_.dataset.id}:${document_.dataset.revision}`;
const remembered = JSON.parse(sessionStorage.getItem(draft) ?? "{}");
for (const [name, value] of Object.entries(remembered)) {
  const field = form.elements[name];
  if (!field || name === "component_type") continue;
  field.value = value;
}
form.addEventListener("input", () => {
  const { csrf: _, revision: __, ...typed } = Object.fromEntries(new FormData(form));
  sessionStorage.setItem(draft, JSON.stringify(typed));
});
form.addEventListener("submit", () => sessionStorage.removeItem(draft));

// --- changing -----------------------------------------------------------------------------------
async function ask(method, path, body) {
  const headers = { "X-CSRF-Token": csrf };
  if (body !== undefined && !(body instanceof FormData)) headers["Content-Type"] = "application/json";
  const answer = await fetch(`${api}${path}`, { method, headers, body: body === undefined || body instanceof FormData ? body : JSON.stringify(body) });
  const content = answer.status === 204 ? {} : await answer.json();
  if (!answer.ok) throw Object.assign(new Error(document.documentElement.lang === "en" ? content.detail_en : content.detail), { content, status: answer.status });
  return content;
}
async function change(method, path, body) {
  failed.hidden = true;
  document_.setAttribute("aria-busy", "true");
  try {
    await ask(method, path, body);
    window.location.reload();
  } catch (error) {
    failed.textContent = error.message;
    failed.hidden = false;
    failed.scrollIntoView({ block: "nearest" });
  } finally {
    document_.removeAttribute("aria-busy");
  }
}
const id = document_.dataset.id;
// What was proposed, or the halves of a page as it is seen.
const partsOf = (page, how) => {
  if (how === "proposed") return [];
  const shown = stage.querySelector(`[data-page="${page}"] img`);
  const [width, height] = ["width", "height"].map((side) => Number(shown.getAttribute(side)));
  const [x, y] = [width >> 1, height >> 1];
  return how === "across"
    ? [{ x0: 0, y0: 0, x1: width, y1: y }, { x0: 0, y0: y, x1: width, y1: height }]
    : [{ x0: 0, y0: 0, x1: x, y1: height }, { x0: x, y0: 0, x1: width, y1: height }];
};
const order = () => [...document.querySelectorAll(".strip > li")].map((one) => one.dataset.thumb);
document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const page = button.closest("[data-thumb]")?.dataset.thumb;
  if (button.dataset.turn) change("POST", `/reviews/${id}/pages/${current().dataset.page}/rotate`, { by: Number(button.dataset.turn) });
  else if ("drop" in button.dataset) change("POST", `/reviews/${id}/pages/${page}/drop`);
  else if (button.dataset.cut) change("POST", `/reviews/${id}/pages/${page}/cut`, { parts: partsOf(page, button.dataset.cut) });
  else if ("restore" in button.dataset) change("POST", `/reviews/${id}/pages/${page}/restore`);
  else if ("split" in button.dataset) change("POST", `/documents/${id}/split`, { before_page: page });
  else if (button.dataset.merge) change("POST", `/documents/${id}/merge`, { other: button.dataset.merge });
  else if (button.dataset.move) {
    const pages = order();
    const from = pages.indexOf(page);
    pages.splice(from + Number(button.dataset.move), 0, ...pages.splice(from, 1));
    change("PUT", `/documents/${id}/pages`, { pages });
  } else if (button.id === "undo") change("POST", `/batches/${button.dataset.batch}/undo`, {});
});
for (const input of document.querySelectorAll("[data-replace]")) {
  input.addEventListener("change", () => {
    const body = new FormData();
    body.append("file", input.files[0], input.files[0].name);
    change("POST", `/reviews/${id}/pages/${input.closest("[data-thumb]").dataset.thumb}/replace`, body);
  });
}

// --- what is being read again ---------------------------------------------------------------------
if (document_.dataset.state === "reading") {
  const source = new EventSource(`/batches/${document_.dataset.batch}/events`);
  source.addEventListener("message", (event) => {
    const found = JSON.parse(event.data).documents.find((one) => one.id === id);
    if (found && found.state !== "reading") { source.close(); window.location.reload(); }
  });
  source.addEventListener("signed-out", () => { source.close(); window.location.reload(); });
}

// --- one person at a time -------------------------------------------------------------------------
const reserved = document.getElementById("reserved");
const confirm = document.getElementById("confirm");
const couldConfirm = !confirm.disabled;
async function reserve() {
  if (document.hidden || !couldConfirm) return;
  try {
    await ask("PUT", `/documents/${id}/reservation`, {});
    reserved.hidden = true;
    confirm.disabled = false;
  } catch (error) {
    // The sign-in has ended: the paper is not for whoever comes by; what was typed is kept.
    if (error.status === 401) window.location.reload();
    if (error.content?.code !== "already_reserved") return;
    reserved.textContent = error.message;
    reserved.hidden = false;
    confirm.disabled = true;
  }
}
reserve();
const kept = setInterval(reserve, 60_000);
addEventListener("pagehide", () => {
  clearInterval(kept);
  if (couldConfirm) fetch(`${api}/documents/${id}/reservation`, { method: "DELETE", headers: { "X-CSRF-Token": csrf }, keepalive: true });
});
