// Batches that have ended or paused are told on every page, each once in this browser: one line for each batch, above
// the page's content, where it covers nothing. What is new of a batch takes the place of what was told of it before.
(() => {
  "use strict";

  const PLACE = "legalds-news";
  const EVERY_MS = 10_000;
  const KEPT = 200;
  const lines = new Map(); // batch -> its line on this page
  let box;

  // What this browser has been told: {since, told, last: [batch, words] pairs}; empty at the first visit, or where it
  // is not to be read.
  const known = () => {
    try {
      const { since, told, last } = JSON.parse(localStorage.getItem(PLACE)) || {};
      const isNumber = Number.isInteger(since);
      return { since: isNumber ? since : undefined, told: Array.isArray(told) ? told : [], last: new Map(last || []) };
    } catch {
      return { since: undefined, told: [], last: new Map() };
    }
  };

  // A page that puts another content in its place keeps the lines.
  const place = () => {
    if (!box.isConnected) document.getElementById("content")?.parentElement.before(box);
  };

  const newLine = (batch) => {
    const line = document.createElement("div");
    const close = document.createElement("button");
    close.type = "button";
    close.setAttribute("aria-label", `Dismiss what is told of batch ${batch}`);
    close.textContent = "\u00d7";
    close.addEventListener("click", () => {
      line.remove();
      lines.delete(batch);
    });
    line.append(document.createElement("a"), close);
    lines.set(batch, line);
    box.append(line);
    return line;
  };

  const show = ({ batch, words, url, isGood }) => {
    const line = lines.get(batch) || newLine(batch);
    line.className = `l-news-line${isGood ? " is-good" : ""}`;
    line.firstChild.href = url;
    line.firstChild.textContent = words;
    window.legaldsSay(words);
    place();
  };

  // The newest of each batch, unless it says what was said of it last, or stands on this page anyway.
  const showNewest = (fresh, last) => {
    const newest = new Map(fresh.map((one) => [one.batch, one]));
    for (const one of newest.values()) {
      if (last.get(one.batch) !== one.words && new URL(one.url, location.href).pathname !== location.pathname) show(one);
    }
  };

  const ask = async (url) => {
    if (document.hidden) return true;
    const { since, told, last } = known();
    let response;
    try {
      response = await fetch(since === undefined ? url : `${url}?since=${since}`, { redirect: "manual" });
    } catch {
      return true; // the server may be back next time
    }
    if (!response.ok) return response.status >= 500;
    const { newest, most, news } = await response.json();
    // Another tab may have told some of it by now. Where the numbers have begun anew, so has what is known.
    const isAnew = newest < since;
    const before = new Set(isAnew ? [] : [...told, ...known().told]);
    const fresh = news.filter(({ id }) => !before.has(id));
    const ids = [...before, ...fresh.map(({ id }) => id)].slice(-KEPT);
    const now = new Map(isAnew ? [] : last);
    for (const { batch, words } of fresh) {
      now.delete(batch); // the newest stand last
      now.set(batch, words);
    }
    localStorage.setItem(PLACE, JSON.stringify({ since: newest, told: ids, last: [...now].slice(-KEPT) }));
    if (since !== undefined && !isAnew) showNewest(fresh.slice(-most), last);
    return true;
  };

  document.addEventListener("DOMContentLoaded", async () => {
    const link = document.querySelector('a[href$="/generation/batch/"]');
    const main = document.getElementById("main");
    if (!link || !main) return; // signed out, or nobody who may see batches
    box = document.createElement("section");
    box.className = "l-news";
    box.setAttribute("aria-label", "News of batches");
    place();
    new MutationObserver(place).observe(main, { childList: true });
    const url = `${link.getAttribute("href")}news/`;
    if (!(await ask(url))) return;
    const timer = setInterval(async () => {
      if (!(await ask(url))) clearInterval(timer);
    }, EVERY_MS);
  });
})();
