// Sends what lies in the queue, one file at a time, in order, until nothing is left.
// The server answers repeated bytes with the receipt it gave, so trying again is always right.
import { amend, entriesOf, onChangedElsewhere, remove } from "./queue.js";
import { sendInPieces, SMALLEST_BYTES } from "./pieces.js";

const csrf = document.querySelector("meta[name=csrf]").content;
const english = document.documentElement.lang === "en";
const LONGEST_PAUSE_MS = 15000;
// Too many at once, and a piece that another page of ours is still sending.
const AGAIN = new Set([423, 429]);

export class SessionEnded extends Error {}

// Refused: the server said no, and why. Everything else that goes wrong is tried again.
export class Refused extends Error {}

// Ask, and return the answer only where it is one.
export async function ask(method, path, body, headers = {}) {
  const answer = await fetch(path, { method, body, headers: { "X-CSRF-Token": csrf, ...headers } });
  if (answer.redirected && new URL(answer.url).pathname === "/sign-in") throw new SessionEnded();
  const isJson = (answer.headers.get("content-type") ?? "").includes("json");
  if (answer.ok) return answer;
  if (answer.status === 401) throw new SessionEnded();
  if (answer.status >= 500 || AGAIN.has(answer.status)) throw new Error(String(answer.status));
  const content = isJson && method !== "HEAD" ? await answer.json() : null;
  throw Object.assign(new Refused(content ? (english ? content.detail_en : content.detail) : ""), { status: answer.status, code: content?.code });
}

export async function call(path, body, headers = {}) {
  const answer = await ask("POST", path, body, headers);
  if ((answer.headers.get("content-type") ?? "").includes("json")) return answer.json();
  throw new Refused("");
}

export function sender({ account, onChange, onState, onOpened }) {
  const progress = new Map();
  let pause = 0;
  let timer = null;
  let running = false;

  // One after the other, so that what is shown last is what was read last.
  let telling = Promise.resolve();
  const tell = () => {
    telling = telling.catch(() => {}).then(async () => onChange(await entriesOf(account), progress));
    return telling;
  };

  async function sendOne(entry) {
    if (!entry.batch) {
      const { id } = await call("/desk/open", JSON.stringify(entry.wanted), { "Content-Type": "application/json" });
      for (const one of await entriesOf(account)) {
        if (one.wanted?.batch_key === entry.wanted.batch_key) await amend(one.id, { batch: id });
      }
      entry.batch = id;
      onOpened(id);
    }
    if (!progress.has(entry.id)) progress.set(entry.id, 0);
    await tell();
    if (!entry.rescan && entry.file.size >= SMALLEST_BYTES) {
      await sendInPieces(entry, (share) => { progress.set(entry.id, share); return tell(); });
    } else {
      const body = new FormData();
      body.append("file", entry.file, entry.name);
      await call(entry.rescan ? `/desk/pages/${entry.rescan}/rescan` : `/api/v1/batches/${entry.batch}/files`, body);
    }
    await remove(entry.id);
  }

  async function drain() {
    for (;;) {
      const entry = (await entriesOf(account)).find((one) => !one.refused);
      if (!entry) return;
      try {
        await sendOne(entry);
        progress.delete(entry.id);
        pause = 0;
        onState("well");
      } catch (error) {
        // What has come stays in sight while the line is down.
        if (!progress.get(entry.id)) progress.delete(entry.id);
        if (error instanceof Refused) await amend(entry.id, { refused: error.message || "?" });
        else if (error instanceof SessionEnded) { onState("ended"); return; }
        else {
          onState("lost");
          pause = Math.min(LONGEST_PAUSE_MS, pause ? pause * 2 : 1000);
          timer = setTimeout(start, pause);
          return;
        }
      } finally {
        await tell();
      }
    }
  }

  async function start() {
    clearTimeout(timer);
    if (running) return;
    running = true;
    try {
      // Two pages of one browser do not send the same file at once.
      await navigator.locks.request("sohoa-desk-sending", drain);
    } finally {
      running = false;
    }
    if ((await entriesOf(account)).some((one) => !one.refused) && !timer) timer = setTimeout(start, 1000);
    timer = null;
  }

  window.addEventListener("online", start);
  onChangedElsewhere(() => { tell().then(start); });
  return { start, tell };
}
