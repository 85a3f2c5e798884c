// Keeps a page live: the desk says when something changed, the page fetches itself again and swaps <main>.
"use strict";

const body = document.body;
let loadedAt = performance.now();
let busy = false;
let again = false;

async function refresh() {
  if (busy) { again = true; return; }
  busy = true;
  try {
    const reply = await fetch(location.href, { cache: "no-store" });
    if (!reply.ok) return;
    const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
    const open = new Set([...document.querySelectorAll("details[open]")].map((part) => part.id));
    const focused = document.activeElement && document.activeElement.closest("details, [id]");
    const focusedId = focused && focused.id;
    const main = fresh.getElementById("live");
    for (const part of main.querySelectorAll("details")) part.open = open.has(part.id);
    document.getElementById("live").replaceWith(document.adoptNode(main));
    document.title = fresh.title;
    loadedAt = performance.now();
    const back = focusedId && document.getElementById(focusedId);
    const target = back && (back.querySelector("summary") || back);
    if (target) target.focus({ preventScroll: true });
    document.getElementById("news").textContent = "Updated: " + document.title;
    tick();
  } catch (error) {
    // the desk is away; the event stream reconnects and tells when it is back
  } finally {
    busy = false;
    if (again) { again = false; refresh(); }
  }
}

function deskSeconds() {
  const live = document.getElementById("live");
  const elapsed = (performance.now() - loadedAt) / 1000;
  return Number(live.dataset.now) + elapsed * Number(live.dataset.rate);
}

function tick() {
  const now = deskSeconds();
  const clock = document.getElementById("now");
  clock.textContent = new Date(now * 1000).toISOString().replace("T", " ").slice(0, 19) + " UTC";
  for (const part of document.querySelectorAll(".countdown")) {
    const left = Math.max(0, Math.round(Number(part.dataset.until) - now));
    const hours = Math.floor(left / 3600);
    const minutes = String(Math.floor(left / 60) % 60).padStart(2, "0");
    const seconds = String(left % 60).padStart(2, "0");
    part.textContent = "in " + (hours ? hours + ":" : "") + minutes + ":" + seconds;
  }
}

const source = new EventSource(body.dataset.events);
source.onmessage = (message) => {
  if (message.data !== document.getElementById("live").dataset.state) refresh();
};
tick();
setInterval(tick, 500);
