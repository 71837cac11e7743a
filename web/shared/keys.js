// Keys: whatever carries data-key can be pressed by it; "?" shows them all. Hints that were read stay away.
const typing = (target) => target.closest?.("input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable]");
const holders = () => [...document.querySelectorAll("[data-key]")].filter((one) => one.getClientRects().length || one.id === "show-keys");

function press(holder) {
  if (holder.matches("input, select, textarea")) { holder.focus(); holder.select?.(); } else { holder.click(); }
}

let before = "";
let forget;
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const pressed = before ? `${before} ${event.key}` : event.key;
  clearTimeout(forget);
  before = "";
  const found = holders().find((one) => one.dataset.key === pressed);
  if (found) { event.preventDefault(); press(found); return; }
  if (holders().some((one) => one.dataset.key.startsWith(`${pressed} `))) {
    before = pressed;
    forget = setTimeout(() => { before = ""; }, 1500);
  }
});

// The words of a control without the key that is shown beside them.
const wordsOf = (one) => [...one.childNodes].filter((node) => node.nodeName !== "KBD").map((node) => node.textContent).join("").trim();

const dialog = document.getElementById("keys");
document.getElementById("show-keys")?.addEventListener("click", () => {
  const rows = holders().map((one) => {
    const row = document.createElement("tr");
    const keys = row.appendChild(document.createElement("td"));
    for (const key of one.dataset.key.split(" ")) {
      const shown = keys.appendChild(document.createElement("kbd"));
      shown.textContent = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓" }[key] ?? key;
      keys.append(" ");
    }
    row.appendChild(document.createElement("td")).textContent =
      one.dataset.keyLabel ?? one.getAttribute("aria-label") ?? one.closest("label")?.firstChild?.textContent ?? wordsOf(one);
    return row;
  });
  dialog.querySelector("tbody").replaceChildren(...rows);
  dialog.showModal();
});
dialog?.querySelector("[data-close]").addEventListener("click", () => dialog.close());

for (const hint of document.querySelectorAll("[data-hint]")) {
  const name = `hint:${hint.dataset.hint}`;
  hint.hidden = localStorage.getItem(name) === "read";
  hint.querySelector("[data-dismiss]").addEventListener("click", () => { localStorage.setItem(name, "read"); hint.hidden = true; });
}
