// Review by keys: Enter confirms, j and k go on and back; the place of the field in hand lights up.
const lit = [...document.querySelectorAll(".lit")];
function light(name) {
  for (const one of lit) one.classList.toggle("on", one.dataset.for === name);
}
for (const field of document.querySelectorAll("[data-field]")) {
  field.addEventListener("focus", () => light(field.dataset.field));
}
document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, select, textarea, summary, a, button");
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Enter" && !typing) document.getElementById("confirm").click();
  if (typing && event.target.tagName !== "A") return;
  const target = { j: "next", k: "previous" }[event.key];
  if (target) document.getElementById(target)?.click();
});
