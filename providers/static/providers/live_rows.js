// The cells that change by themselves, fetched anew every few seconds while somebody looks and nobody drags.
(() => {
  "use strict";
  const EVERY_MS = 4000;
  const shown = new WeakMap();
  let isUnderWay = false;

  const idsByUrl = () => {
    const found = new Map();
    for (const place of document.querySelectorAll(".l-place[data-live-url]")) {
      const { liveUrl, id } = place.dataset;
      found.set(liveUrl, [...(found.get(liveUrl) || []), id]);
    }
    return found;
  };

  const write = (cell, html) => {
    if (html === undefined || shown.get(cell) === html) return;
    const hadFocus = cell.contains(document.activeElement);
    cell.innerHTML = html;
    shown.set(cell, html);
    if (hadFocus) cell.querySelector("button")?.focus({ preventScroll: true });
  };

  const refresh = async () => {
    if (isUnderWay || document.hidden || window.legaldsRows.isDragging) return;
    isUnderWay = true;
    try {
      for (const [url, ids] of idsByUrl()) {
        const response = await fetch(`${url}?${new URLSearchParams({ ids: ids.join(",") })}`);
        if (!response.ok || response.redirected) return;
        const { rows } = await response.json();
        if (window.legaldsRows.isDragging) return;
        for (const cell of document.querySelectorAll(".l-live")) {
          write(cell, rows[cell.dataset.id]?.[cell.dataset.live]);
        }
      }
    } catch {
      // The next round tries again; what is shown stays.
    } finally {
      isUnderWay = false;
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    if (!document.querySelector(".l-live")) return;
    setInterval(refresh, EVERY_MS);
    document.addEventListener("visibilitychange", refresh);
    document.addEventListener("rows:answered", ({ detail: { answer } }) => answer.refresh && refresh());
  });
})();
