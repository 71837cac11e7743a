// The desk: the form of a new dossier, files into their place, and what is done with a place.
import { live } from "/static/shared/live.js";
import { lookForCode } from "./camera.js";
import { add, amend, remove } from "./queue.js";
import { call, Refused, sender, SessionEnded } from "./sending.js";

const form = document.getElementById("desk");
const places = document.getElementById("places");
const list = document.getElementById("sent");
const told = document.getElementById("code-told");
const said = document.getElementById("said");
const account = form.dataset.account;
let queue = [];
let active = "";

// ---- what the server says

const renew = live(places, "/desk/events");

function dress() {
  const waiting = new Set(queue.filter((one) => !one.refused).map((one) => one.batch));
  const all = [...places.querySelectorAll(".place")];
  if (!all.some((one) => one.id === active)) active = all.find((one) => one.dataset.state === "open")?.id ?? "";
  for (const one of all) {
    const banner = one.querySelector("[data-verdict]");
    const accepted = banner.dataset.verdict === "look" && localStorage.getItem(`seen:${one.id}`) === banner.dataset.marks;
    one.toggleAttribute("data-queued", waiting.has(one.id));
    one.toggleAttribute("data-accepted", accepted);
    one.querySelector(".queued").hidden = !waiting.has(one.id);
    one.querySelector(".accepted").hidden = !accepted;
    one.classList.toggle("active", one.id === active);
  }
  const first = all.find((one) => one.id === active);
  const words = first ? shownBanner(first).querySelector(".verdict").textContent : "";
  if (said.textContent !== words) said.textContent = words;
}

const shownBanner = (one) => [...one.querySelectorAll(":scope > .banner")].find((banner) => banner.getClientRects().length) ?? one.querySelector(".banner");
places.addEventListener("renewed", dress);

// ---- the queue of files

const sending = sender({
  account,
  onChange: (entries, progress) => { queue = entries; draw(progress); dress(); },
  onOpened: turnTo,
  onState: (state) => {
    document.getElementById("lost").hidden = state !== "lost";
    document.getElementById("ended").hidden = state !== "ended";
    if (state === "well") renew();
  },
});

function draw(progress) {
  document.getElementById("queue").hidden = queue.length === 0;
  list.replaceChildren(...queue.map((entry) => {
    const line = document.createElement("li");
    const name = line.appendChild(document.createElement("span"));
    name.className = "grow";
    name.textContent = entry.name;
    if (entry.refused) {
      const why = line.appendChild(document.createElement("span"));
      why.className = "problem";
      why.textContent = entry.refused === "?" ? list.dataset.failed : entry.refused;
      line.append(button(list.dataset.again, () => again(entry)), button(list.dataset.drop, () => drop(entry)));
    } else {
      const share = progress.get(entry.id);
      if (share) {
        const bar = line.appendChild(document.createElement("progress"));
        bar.value = share;
        bar.setAttribute("aria-label", entry.name);
      }
      const state = line.appendChild(document.createElement("span"));
      state.className = "chip busy";
      state.textContent = share === undefined ? list.dataset.waits : share ? `${Math.floor(100 * share)} %` : list.dataset.sends;
    }
    return line;
  }));
}

function button(text, onClick) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "secondary small";
  made.textContent = text;
  made.addEventListener("click", onClick);
  return made;
}

async function again(entry) {
  await amend(entry.id, { refused: undefined });
  await sending.tell();
  sending.start();
}

async function drop(entry) {
  await remove(entry.id);
  await sending.tell();
}

async function take(files, batch, rescan) {
  const chosen = [...files];
  if (!chosen.length) return;
  const wanted = batch ? null : typed();
  const at = Date.now();
  await add(chosen.map((file, order) => ({ id: crypto.randomUUID(), account, at, order, batch: batch || null, rescan, wanted, name: file.name || "image.png", file })));
  if (!batch) {
    clear();
    // The next key is for the new dossier, no letter for a field that is done with.
    if (form.contains(document.activeElement)) document.activeElement.blur();
  }
  await sending.tell();
  sending.start();
}

// ---- the form of a new dossier

function typed() {
  const fields = new FormData(form);
  const pages = Number.parseInt(fields.get("expected_pages"), 10);
  return {
    batch_key: crypto.randomUUID(),
    dossier_code: fields.get("dossier_code").trim(),
    procedure: fields.get("procedure"),
    owner_id: fields.get("owner_id").replace(/[\s.]/g, ""),
    owner_name: fields.get("owner_name"),
    expected_pages: pages > 0 ? Math.min(pages, 2000) : null,
  };
}

function clear() {
  form.reset();
  form.elements.procedure.value = "";
  form.elements.owner_name.value = "";
  tell("");
  key = "";
}

function tell(text) {
  told.textContent = text;
  told.hidden = !text;
  form.elements.dossier_code.toggleAttribute("aria-invalid", Boolean(text));
  if (text) form.elements.dossier_code.setAttribute("aria-invalid", "true");
}

function fill(facts) {
  const { elements } = form;
  if (facts.dossier_code) elements.dossier_code.value = facts.dossier_code;
  if (facts.owner_id) elements.owner_id.value = facts.owner_id;
  elements.owner_name.value = facts.owner_name ?? "";
  if (facts.procedure) form.querySelector(".choose").pick(facts.procedure);
  const empty = [elements.dossier_code, form.querySelector("[role=combobox]"), elements.owner_id, elements.expected_pages].find((one) => !one.value);
  (empty ?? document.getElementById("open")).focus();
}

// The same key until the dossier is open: pressing twice, or again after an error, opens one.
let key = "";
async function openPlace() {
  key ||= crypto.randomUUID();
  try {
    const { id } = await call("/desk/open", JSON.stringify({ ...typed(), batch_key: key }), { "Content-Type": "application/json" });
    clear();
    putAwayReady();
    if (form.contains(document.activeElement)) document.activeElement.blur();
    await turnTo(id);
  } catch (error) { fail(error); }
}

// Whoever types the next slip's code meanwhile goes on typing.
async function turnTo(id) {
  active = id;
  await renew();
  const place = document.getElementById(id);
  if (!place || document.activeElement !== document.body) return;
  place.focus({ preventScroll: true });
  place.scrollIntoView({ block: "nearest" });
}

function fail(error) {
  if (error instanceof SessionEnded) document.getElementById("ended").hidden = false;
  else if (error instanceof Refused) tell(error.message || list.dataset.failed);
  else document.getElementById("lost").hidden = false;
}

form.addEventListener("submit", (event) => { event.preventDefault(); openPlace(); });
form.elements.dossier_code.addEventListener("keydown", async (event) => {
  const text = event.target.value.trim();
  if (event.key !== "Enter" || !text) return;
  event.preventDefault();
  try {
    fill(await call("/desk/code", text, { "Content-Type": "text/plain" }));
    tell("");
  } catch (error) { fail(error); }
});

const camera = document.getElementById("camera");
camera.hidden = !navigator.mediaDevices?.getUserMedia;
camera.addEventListener("click", async () => {
  try {
    const facts = await lookForCode();
    if (facts) fill(facts);
  } catch (error) {
    if (error instanceof DOMException) camera.hidden = true;
    else fail(error);
  }
});

// ---- files from anywhere

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches("input[type=file]")) return;
  const { rescan } = input.dataset;
  const into = rescan ? input.closest(".place").id : input.dataset.into;
  take(input.files, into, rescan).then(() => { input.value = ""; });
});
const zone = (event) => event.target.closest?.(".drop") ?? event.target.closest?.(".place")?.querySelector(".drop");
for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    for (const one of document.querySelectorAll(".drop.over")) one.classList.remove("over");
    zone(event)?.classList.add("over");
  });
}
document.addEventListener("drop", (event) => {
  event.preventDefault();
  const into = zone(event);
  for (const one of document.querySelectorAll(".drop.over")) one.classList.remove("over");
  if (into) take(event.dataTransfer.files, into.dataset.into);
});
document.addEventListener("paste", (event) => {
  if (event.clipboardData.files.length) take(event.clipboardData.files, active);
});

// ---- what is done with a place

function putAway(id) {
  const kept = (document.cookie.match(/(?:^|; )sohoa_put_away=([^;]*)/)?.[1] ?? "").split(".").filter(Boolean);
  const secure = window.location.protocol === "https:" ? "; secure" : "";
  document.cookie = `sohoa_put_away=${[...kept, id].slice(-60).join(".")}; path=/desk; max-age=86400; samesite=strict${secure}`;
  localStorage.removeItem(`seen:${id}`);
}

// What is closed and may be handed back makes room by itself when the next dossier is opened.
function putAwayReady() {
  for (const one of places.querySelectorAll(".place")) {
    const isReady = one.querySelector("[data-verdict]").dataset.verdict === "ready" || one.hasAttribute("data-accepted");
    if (one.dataset.state !== "open" && isReady) putAway(one.id);
  }
}

async function close(place) {
  const isReady = place.querySelector("[data-verdict]").dataset.verdict === "ready" || place.hasAttribute("data-accepted");
  if (!isReady || place.hasAttribute("data-queued")) {
    const banner = shownBanner(place);
    if (!(await isSure([...banner.querySelectorAll("p:not(.accept)")].map((one) => one.textContent.trim()).join(". ")))) return;
  }
  try {
    await call(`/api/v1/batches/${place.id}/close`, null);
    await renew();
  } catch (error) { fail(error); }
}

function isSure(why) {
  const dialog = document.getElementById("sure");
  document.getElementById("sure-why").textContent = why;
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.onclick = (event) => {
      const answer = event.target.closest("[data-answer]");
      if (answer) { dialog.close(answer.dataset.answer); }
    };
    dialog.onclose = () => resolve(dialog.returnValue === "yes");
    dialog.returnValue = "";
  });
}

places.addEventListener("click", (event) => {
  const place = event.target.closest(".place");
  if (place?.dataset.state === "open") { active = place.id; dress(); }
  const { close: closing, putAway: away, accept, choose } = event.target.closest("button")?.dataset ?? {};
  if (closing) close(place);
  if (away) { putAway(away); renew(); }
  if (accept) { localStorage.setItem(`seen:${accept}`, place.querySelector("[data-verdict]").dataset.marks); dress(); }
  if (choose) place.querySelector("input[type=file]").click();
});

sending.tell().then(sending.start);
