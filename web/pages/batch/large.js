// A page in full size over the page; arrows go on through the pages of the same batch.
const dialog = document.getElementById("large");
const picture = document.getElementById("large-picture");
let all = [];
let at = 0;

function show(index) {
  at = Math.max(0, Math.min(index, all.length - 1));
  picture.src = all[at].href;
  picture.alt = all[at].name;
  document.getElementById("large-name").textContent = all[at].name;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-large]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const links = [...link.closest(".tiles").querySelectorAll("a[data-large]")];
  all = links.map((one) => ({ href: one.href, name: one.dataset.large }));
  show(links.indexOf(link));
  dialog.showModal();
});
dialog.addEventListener("click", (event) => {
  const step = event.target.closest("[data-step]");
  if (step) show(at + Number(step.dataset.step));
  if (event.target.closest("[data-shut]") || event.target === dialog) dialog.close();
});
dialog.addEventListener("keydown", (event) => {
  if (event.key === "ArrowLeft") show(at - 1);
  if (event.key === "ArrowRight") show(at + 1);
});
dialog.addEventListener("close", () => picture.removeAttribute("src"));
