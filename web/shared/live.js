// A part of a page that keeps up: renewed when the server says that something has changed.
// The stream resumes by itself after a break; the part is renewed once more when the page is seen again.
export function live(part, address) {
  let wanted = false;
  let source = null;
  const renew = async () => {
    if (wanted) return;
    wanted = true;
    await new Promise((later) => setTimeout(later, 300));
    wanted = false;
    try {
      const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
      if (answer.redirected || !answer.ok) { if (answer.redirected) window.location.reload(); return; }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(part.id);
      if (fresh && fresh.innerHTML !== part.innerHTML) exchange(part, fresh);
      for (const name of Object.keys(fresh?.dataset ?? {})) part.dataset[name] = fresh.dataset[name];
      part.dispatchEvent(new CustomEvent("renewed", { bubbles: true }));
    } catch { /* the next event, or the next look, tries again */ }
  };
  const open = () => {
    source?.close();
    source = new EventSource(address);
    let first = true;
    source.addEventListener("message", () => { if (!first) renew(); first = false; });
    // The server ends the stream with the sign-in: what is shown here is not for whoever comes by.
    source.addEventListener("signed-out", () => { source.close(); source = null; window.location.reload(); });
    source.addEventListener("settled", () => { source.close(); source = null; renew(); });
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { source?.close(); source = null; } else { renew(); if (!part.dataset.settled) open(); }
  });
  if (!part.dataset.settled) open();
  return renew;
}

// Exchange what changed and keep what did not: pictures do not flicker, the focus stays.
function exchange(part, fresh) {
  const focused = document.activeElement?.id;
  const known = new Map([...part.querySelectorAll("[data-part]")].map((one) => [one.dataset.part, one]));
  for (const one of fresh.querySelectorAll("[data-part]")) {
    const old = known.get(one.dataset.part);
    // Where somebody is typing nothing is exchanged. Parts do not lie in one another.
    if (old && (old.outerHTML === one.outerHTML || isTypedInto(old))) one.replaceWith(old);
  }
  part.replaceChildren(...fresh.childNodes);
  if (focused) document.getElementById(focused)?.focus();
}

const isTypedInto = (part) => part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea");
