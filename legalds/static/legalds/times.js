// Moments in the time zone and the manner of who looks: <time data-local datetime="...">. Without it the installation's
// own time zone is shown. The name of the day is left out of what is today.
(() => {
  "use strict";

  const clock = { hour: "2-digit", minute: "2-digit" };
  const near = { weekday: "short", ...clock };
  const far = { weekday: "short", day: "numeric", month: "short", ...clock };
  const WEEK_MS = 6 * 24 * 3600 * 1000;

  const manner = (at) => {
    const now = new Date();
    if (at.toDateString() === now.toDateString()) return clock;
    return Math.abs(at - now) < WEEK_MS ? near : far;
  };

  const show = (root) => {
    for (const time of root.querySelectorAll("time[data-local]")) {
      const at = new Date(time.dateTime);
      if (Number.isNaN(at.getTime())) continue;
      time.textContent = at.toLocaleString("en-GB", manner(at));
      time.title = at.toString();
    }
  };

  document.addEventListener("DOMContentLoaded", () => show(document));
  document.addEventListener("htmx:afterSwap", () => show(document));
})();
