// A batch: the page is renewed whenever the server says that something has changed.
const batch = document.getElementById("batch");
if (!batch.dataset.settled) {
  const source = new EventSource(`/batches/${batch.dataset.id}/events`);
  let first = true;
  let wanted = false;
  const renew = async () => {
    if (wanted) return;
    wanted = true;
    await new Promise((later) => setTimeout(later, 400));
    wanted = false;
    const answer = await fetch(window.location.href);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("batch");
    if (fresh && fresh.innerHTML !== batch.innerHTML) batch.replaceChildren(...fresh.childNodes);
  };
  source.addEventListener("message", () => { if (!first) renew(); first = false; });
  source.addEventListener("settled", () => { source.close(); renew(); });
}
