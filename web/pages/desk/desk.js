// The desk: each file is sent by itself into one batch; the server answers with its receipt.
const form = document.getElementById("desk");
const files = document.getElementById("files");
const drop = document.getElementById("drop");
const sent = document.getElementById("sent");
const told = document.getElementById("told");
const csrf = document.querySelector("meta[name=csrf]").content;

async function call(path, body, headers = {}) {
  const answer = await fetch(path, { method: "POST", body, headers: { "X-CSRF-Token": csrf, ...headers } });
  const content = await answer.json();
  if (!answer.ok) throw new Error(document.documentElement.lang === "en" ? content.detail_en : content.detail);
  return content;
}

async function deliver(list) {
  const chosen = [...list];
  if (!chosen.length) return;
  const wanted = { station: "desk" };
  const fields = new FormData(form);
  if (fields.get("dossier_code")) wanted.dossier_code = fields.get("dossier_code").trim();
  if (fields.get("expected_pages")) wanted.expected_pages = Number(fields.get("expected_pages"));
  files.disabled = true;
  let batch = null;
  let failures = 0;
  try {
    batch = await call("/api/v1/batches", JSON.stringify(wanted), { "Content-Type": "application/json" });
    for (const file of chosen) {
      const line = sent.appendChild(document.createElement("li"));
      line.textContent = `${file.name} …`;
      const body = new FormData();
      body.append("file", file, file.name);
      for (let attempt = 1; ; attempt += 1) {
        try {
          const receipt = await call(`/api/v1/batches/${batch.id}/files`, body);
          line.textContent = `${file.name} ✓ ${receipt.sha256.slice(0, 12)}`;
          break;
        } catch (error) {
          line.textContent = `${file.name} ✗ ${error.message}`;
          if (!(error instanceof TypeError) || attempt >= 5) { failures += 1; break; }
          await new Promise((later) => setTimeout(later, 1000 * attempt));
        }
      }
    }
    told.hidden = false;
    if (failures) {
      told.className = "problem";
      told.textContent = form.dataset.failed.replace("{0}", failures);
    } else {
      told.className = "good";
      told.textContent = form.dataset.taken.replace("{0}", chosen.length);
      await call(`/api/v1/batches/${batch.id}/close`, null);
      window.location.assign(`/batches/${batch.id}`);
    }
  } catch (error) {
    told.hidden = false;
    told.className = "problem";
    told.textContent = error.message;
  } finally {
    files.disabled = false;
  }
}

files.addEventListener("change", () => deliver(files.files));
for (const name of ["dragenter", "dragover"]) {
  drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
}
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  deliver(event.dataTransfer.files);
});
document.addEventListener("paste", (event) => deliver(event.clipboardData.files));
form.addEventListener("submit", (event) => event.preventDefault());
