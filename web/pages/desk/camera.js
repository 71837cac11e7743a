// A slip or card held before the camera. The browser's own detector reads it where there is one;
// elsewhere a picture is sent to our server twice a second, which reads it in a child process.
import { call, Refused } from "./sending.js";

const dialog = document.getElementById("look");
const view = document.getElementById("view");
const told = document.getElementById("look-told");
const BETWEEN_MS = 500;

async function detector() {
  if (!("BarcodeDetector" in window)) return null;
  const known = await window.BarcodeDetector.getSupportedFormats();
  return known.includes("qr_code") ? new window.BarcodeDetector({ formats: ["qr_code"] }) : null;
}

function picture() {
  const canvas = document.createElement("canvas");
  canvas.width = view.videoWidth;
  canvas.height = view.videoHeight;
  canvas.getContext("2d").drawImage(view, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
}

async function readOnce(own) {
  if (!own) return call("/desk/code", await picture(), { "Content-Type": "image/jpeg" });
  const [found] = await own.detect(view);
  return found ? call("/desk/code", found.rawValue, { "Content-Type": "text/plain" }) : null;
}

// Resolves with what a code told, or null when the person gave up.
export async function lookForCode() {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
  try {
    view.srcObject = stream;
    told.textContent = "";
    dialog.showModal();
    await view.play();
    const own = await detector();
    while (dialog.open) {
      try {
        const facts = await readOnce(own);
        if (facts) return facts;
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        told.textContent = error.message;
      }
      await new Promise((later) => setTimeout(later, BETWEEN_MS));
    }
    return null;
  } finally {
    for (const track of stream.getTracks()) track.stop();
    view.srcObject = null;
    if (dialog.open) dialog.close();
  }
}

dialog.querySelector("[data-shut]").addEventListener("click", () => dialog.close());
