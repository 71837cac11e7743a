// A secret is copied by one press, and a link to a form puts the cursor into it.
const copy = document.getElementById("copy");
copy?.addEventListener("click", async () => {
  const secret = document.getElementById("secret");
  try {
    await navigator.clipboard.writeText(secret.textContent);
    copy.textContent = copy.dataset.copied;
  } catch { // without the right to write, the secret is marked so that Ctrl+C takes it
    window.getSelection().selectAllChildren(secret);
  }
});
for (const [link, field] of [["#add-person", "name"], ["#programs", "program"]]) {
  document.querySelector(`a[href="${link}"]`).addEventListener("click", () => setTimeout(() => document.getElementById(field).focus()));
}
