// Choosing from a long list by typing a few letters, with or without marks (ARIA combobox pattern).
// Markup: <div class="choose"><input role="combobox" …><input type="hidden" name="…"><ul role="listbox" hidden><li role="option" data-value="…">…</li></ul></div>
export const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();

export function choose(root) {
  const box = root.querySelector("[role=combobox]");
  const value = root.querySelector("input[type=hidden]");
  const list = root.querySelector("[role=listbox]");
  const options = [...list.children].map((one) => ({ one, words: fold(`${one.textContent} ${one.dataset.value}`) }));
  let active = -1;
  const shown = () => options.filter(({ one }) => !one.hidden).map(({ one }) => one);

  const filter = () => {
    const wanted = fold(box.value).split(/\s+/).filter(Boolean);
    const found = options.filter(({ one, words }) => {
      one.hidden = !wanted.every((part) => words.includes(part));
      return !one.hidden;
    });
    // What begins with what was typed goes first.
    found.sort((a, b) => Number(fold(b.one.textContent.trim()).startsWith(wanted[0] ?? "")) - Number(fold(a.one.textContent.trim()).startsWith(wanted[0] ?? "")));
    list.append(...found.map(({ one }) => one));
    open(true);
    move(found.length ? 0 : -1);
  };
  const open = (is) => { list.hidden = !is; box.setAttribute("aria-expanded", String(is)); };
  const move = (to) => {
    const all = shown();
    for (const one of all) one.setAttribute("aria-selected", "false");
    active = Math.max(-1, Math.min(to, all.length - 1));
    const one = all[active];
    if (one) { one.setAttribute("aria-selected", "true"); one.scrollIntoView({ block: "nearest" }); }
    box.setAttribute("aria-activedescendant", one?.id ?? "");
  };
  const take = (one) => {
    if (!one) return;
    value.value = one.dataset.value;
    box.value = one.textContent.trim();
    open(false);
    root.dispatchEvent(new CustomEvent("chosen", { bubbles: true, detail: one.dataset.value }));
  };

  box.addEventListener("input", () => { value.value = ""; filter(); });
  box.addEventListener("focus", () => { box.select(); });
  box.addEventListener("blur", () => setTimeout(() => {
    if (!value.value && active >= 0 && box.value && !list.hidden) take(shown()[active]);
    open(false);
  }, 120));
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); if (list.hidden) filter(); else move(active + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); move(active - 1); }
    else if (event.key === "Enter" && !list.hidden) { event.preventDefault(); event.stopPropagation(); take(shown()[active]); }
    else if (event.key === "Escape" && !list.hidden) { event.stopPropagation(); open(false); }
  });
  list.addEventListener("mousedown", (event) => { event.preventDefault(); take(event.target.closest("[role=option]")); });
  root.pick = (wanted) => take(options.map(({ one }) => one).find((one) => one.dataset.value === wanted));
}

for (const root of document.querySelectorAll(".choose")) choose(root);
