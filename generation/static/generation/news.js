// Batches that have ended or paused are told on every page, each once in this browser.
(() => {
  "use strict";

  const PLACE = "legalds-news";
  const EVERY_MS = 10_000;
  const STAYS_MS = 30_000;
  let box;

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
    const since = localStorage.getItem(PLACE);
    let response;
    try {
      response = await fetch(since === null ? url : `${url}?since=${encodeURIComponent(since)}`, { redirect: "manual" });
    } catch {
      return true; // the server may be back next time
    }
    if (!response.ok) return response.status >= 500;
    const { newest, news } = await response.json();
    localStorage.setItem(PLACE, newest);
    news.forEach(show);
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
