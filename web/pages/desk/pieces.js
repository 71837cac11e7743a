// Large files go in pieces, by the tus protocol: after a lost line, a reload or a restart of the
// server only what has not come is sent. Where they go on is kept beside the file in the queue.
import { amend } from "./queue.js";
import { ask, Refused } from "./sending.js";

export const SMALLEST_BYTES = 4 << 20;
const PIECE_BYTES = 2 << 20;
const TUS = { "Tus-Resumable": "1.0.0" };
const GONE = [404, 410];

const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

async function announce(entry) {
  const metadata = `filename ${base64(entry.name.slice(-200))},batch ${base64(entry.batch)}`;
  const headers = { ...TUS, "Upload-Length": String(entry.file.size), "Upload-Metadata": metadata };
  const answer = await ask("POST", "/api/v1/uploads", null, headers);
  const upload = answer.headers.get("Location");
  await amend(entry.id, { upload });
  return upload;
}

const offsetOf = (answer) => Number(answer.headers.get("Upload-Offset"));

// Where to go on; a place that the server has forgotten is announced anew.
async function begin(entry) {
  if (entry.upload) {
    try {
      return { upload: entry.upload, offset: offsetOf(await ask("HEAD", entry.upload, undefined, TUS)) };
    } catch (error) {
      if (!(error instanceof Refused) || !GONE.includes(error.status)) throw error;
    }
  }
  return { upload: await announce(entry), offset: 0 };
}

// Send a piece, and return how much has come; what the server no longer knows is asked for again.
async function sendPiece(upload, at, piece) {
  const headers = { ...TUS, "Upload-Offset": String(at), "Content-Type": "application/offset+octet-stream" };
  try {
    return offsetOf(await ask("PATCH", upload, piece, headers));
  } catch (error) {
    const isBehind = error instanceof Refused && (GONE.includes(error.status) || error.code === "upload_offset");
    throw isBehind ? new Error(error.code) : error;
  }
}

// Resolves when the whole file has its receipt; `tell` hears the share that has come.
export async function sendInPieces(entry, tell) {
  const { upload, offset } = await begin(entry);
  let at = offset;
  while (at < entry.file.size) {
    await tell(at / entry.file.size);
    at = await sendPiece(upload, at, entry.file.slice(at, at + PIECE_BYTES));
  }
}
