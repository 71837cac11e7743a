// What was set aside keeps up with what others do about it.
import { live } from "/static/shared/live.js";

live(document.getElementById("troubles"), "/aside/events");
