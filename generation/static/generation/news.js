// Batches that have ended or paused are told on every page, each once in this browser.
(() => {
  "use strict";

  const PLACE = "legalds-news";
  const EVERY_MS = 10_000;
  const STAYS_MS = 30_000;
  const KEPT = 200;
  let box;

  // What this browser has been told: {since, told}; empty at the first visit, or where it is not to be read.
  const known = () => {
    try {
      const { since, told } = JSON.parse(localStorage.getItem(PLACE)) || {};
      return { since: Number.isInteger(since) ? since : undefined, told: Array.isArray(told) ? told : [] };
    } catch {
      return { since: undefined, told: [] };
    }
  };

  const show = ({ words, url, isGood }) => {
    const line = document.createElement("div");
    line.className = `l-news-line${isGood ? " is-good" : ""}`;
    const link = document.createElement("a");
    link.href = url;
    link.textContent = words;
    const close = document.createElement("button");
    close.type = "button";
    close.setAttribute("aria-label", "Dismiss");
    close.textContent = "×";
    close.addEventListener("click", () => line.remove());
    line.append(link, close);
    box.append(line);
    setTimeout(() => line.remove(), STAYS_MS);
  };

  const ask = async (url) => {
    if (document.hidden) return true;
    const { since, told } = known();
    let response;
    try {
      response = await fetch(since === undefined ? url : `${url}?since=${since}`, { redirect: "manual" });
    } catch {
      return true; // the server may be back next time
    }
    if (!response.ok) return response.status >= 500;
    const { newest, most, news } = await response.json();
    // Another tab may have told some of it meanwhile. Where the numbers have begun anew, so has what is known.
    const before = new Set(newest < since ? [] : [...told, ...known().told]);
    const fresh = news.filter(({ id }) => !before.has(id));
    const ids = [...before, ...fresh.map(({ id }) => id)];
    localStorage.setItem(PLACE, JSON.stringify({ since: newest, told: ids.slice(-KEPT) }));
    if (since !== undefined && newest >= since) fresh.slice(-most).forEach(show);
    return true;
  };

  document.addEventListener("DOMContentLoaded", async () => {
    const link = document.querySelector('a[href$="/generation/batch/"]');
    if (!link || !document.getElementById("main")) return; // signed out, or nobody who may see batches
    box = document.createElement("div");
    box.className = "l-news";
    box.setAttribute("role", "status");
    box.setAttribute("aria-live", "polite");
    document.body.append(box);
    const url = `${link.getAttribute("href")}news/`;
    if (!(await ask(url))) return;
    const timer = setInterval(async () => {
      if (!(await ask(url))) clearInterval(timer);
    }, EVERY_MS);
  });
})();
