// Sends what lies in the queue, one file at a time, in order, until nothing is left.
// The server answers repeated bytes with the receipt it gave, so trying again is always right.
import { entriesOf, put, remove } from "./queue.js";

const csrf = document.querySelector("meta[name=csrf]").content;
const english = document.documentElement.lang === "en";
const LONGEST_PAUSE_MS = 15000;

export class SessionEnded extends Error {}

// Refused: the server said no, and why. Everything else that goes wrong is tried again.
export class Refused extends Error {}

export async function call(path, body, headers = {}) {
  const answer = await fetch(path, { method: "POST", body, headers: { "X-CSRF-Token": csrf, ...headers } });
  if (answer.redirected && new URL(answer.url).pathname === "/sign-in") throw new SessionEnded();
  const isJson = (answer.headers.get("content-type") ?? "").includes("json");
  const content = isJson ? await answer.json() : null;
  if (answer.ok && content) return content;
  if (answer.status === 401) throw new SessionEnded();
  if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
  throw new Refused(content ? (english ? content.detail_en : content.detail) : "");
}

export function sender({ account, onChange, onState }) {
  const progress = new Map();
  let pause = 0;
  let timer = null;
  let running = false;

  const tell = async () => onChange(await entriesOf(account), progress);

  async function sendOne(entry) {
    if (!entry.batch) {
      const { id } = await call("/desk/open", JSON.stringify(entry.wanted), { "Content-Type": "application/json" });
      for (const one of await entriesOf(account)) {
        if (one.wanted?.batch_key === entry.wanted.batch_key) await put({ ...one, batch: id });
      }
      entry.batch = id;
    }
    const body = new FormData();
    body.append("file", entry.file, entry.name);
    progress.set(entry.id, "sends");
    await tell();
    await call(`/api/v1/batches/${entry.batch}/files`, body);
    await remove(entry.id);
  }

  async function drain() {
    for (;;) {
      const entry = (await entriesOf(account)).find((one) => !one.refused);
      if (!entry) return;
      try {
        await sendOne(entry);
        pause = 0;
        onState("well");
      } catch (error) {
        if (error instanceof Refused) await put({ ...entry, refused: error.message || "?" });
        else if (error instanceof SessionEnded) { onState("ended"); return; }
        else {
          onState("lost");
          pause = Math.min(LONGEST_PAUSE_MS, pause ? pause * 2 : 1000);
          timer = setTimeout(start, pause);
          return;
        }
      } finally {
        progress.delete(entry.id);
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
  return { start, tell };
}
