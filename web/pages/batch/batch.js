// A batch keeps up with what happens to it.
import { live } from "/static/shared/live.js";

const batch = document.getElementById("batch");
live(batch, `/batches/${batch.dataset.id}/events`);
