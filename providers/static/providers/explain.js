// The answer is looked up anew while somebody looks at it, and read out only when another route is next.
(() => {
  "use strict";

  const EVERY_MS = 3000;
  const answer = () => document.getElementById("explained");
  const again = () => document.getElementById("explain-again");

  const start = () => {
    if (!answer()) return;
    let next = answer().dataset.next;
    setInterval(() => {
      if (again().checked && !document.hidden) htmx.trigger(answer(), "look");
    }, EVERY_MS);
    document.body.addEventListener("htmx:afterSettle", () => {
      const now = answer()?.dataset.next;
      if (now === undefined || now === next) return;
      next = now;
      document.getElementById("explain-news").textContent = now ? `The next call goes to ${now}.` : "No route can go now.";
    });
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
