// What is typed into a password field can be looked at.
for (const button of document.querySelectorAll("[data-see]")) {
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.see);
    const isSeen = field.type === "password";
    field.type = isSeen ? "text" : "password";
    button.setAttribute("aria-pressed", String(isSeen));
    field.focus();
  });
}
