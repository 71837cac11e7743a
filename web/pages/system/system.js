// The state of the system keeps up.
import { live } from "/static/shared/live.js";

live(document.getElementById("system"), "/system/events");
