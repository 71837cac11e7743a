// Tells the server that somebody is here: a sign-in ends when nobody did anything for a while, and
// what pages ask for by themselves does not count.
const EVERY = 30_000;
const csrf = document.querySelector("meta[name=csrf]").content;
let told = Date.now();
let later = null;

function tell() {
  told = Date.now();
  later = null;
  fetch("/still-here", { method: "POST", headers: { "X-CSRF-Token": csrf } }).catch(() => { /* the next one tells */ });
}

function notice(event) {
  if (!event.isTrusted || later) return;
  const wait = told + EVERY - Date.now();
  if (wait <= 0) tell(); else later = setTimeout(tell, wait);
}

for (const kind of ["keydown", "pointerdown", "wheel"]) addEventListener(kind, notice, { capture: true, passive: true });
