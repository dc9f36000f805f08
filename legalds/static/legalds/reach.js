// What the theme and its libraries leave without a name or out of reach of the keyboard.
(() => {
  "use strict";

  // Wide tables scroll in their panel: those that do take the focus, so that the arrow keys scroll them.
  const letScroll = (panel) => {
    if (panel.scrollWidth > panel.clientWidth) panel.tabIndex = 0;
    else panel.removeAttribute("tabindex");
  };
  const sizes = new ResizeObserver((entries) => entries.forEach((entry) => letScroll(entry.target)));
  const watchPanels = () => document.querySelectorAll(".l-panel").forEach((panel) => sizes.observe(panel));

  // Select2's search field of a choice of many, in which one types, has no label; its select has.
  const nameSearches = () => {
    for (const select of document.querySelectorAll("select.select2-hidden-accessible[multiple]")) {
      const field = select.nextElementSibling?.querySelector(".select2-search__field");
      const label = select.labels[0];
      if (field && label) field.setAttribute("aria-label", label.textContent.trim());
    }
  };

  // Django's chooser of many hangs its help on spans without a role, where it is not read out.
  const nameTips = () => {
    document.querySelectorAll("span.help-tooltip[aria-label]").forEach((tip) => tip.setAttribute("role", "img"));
  };

  // An icon is a word in an icon font: beside a text it would be read out before it ("cloud Providers").
  const hideIcons = () => {
    for (const icon of document.querySelectorAll(".material-symbols-outlined")) {
      const holder = icon.closest("a, button");
      if (holder && holder.textContent.trim() !== icon.textContent.trim()) icon.setAttribute("aria-hidden", "true");
    }
  };

  document.addEventListener("DOMContentLoaded", watchPanels);
  document.addEventListener("DOMContentLoaded", hideIcons);
  document.addEventListener("htmx:afterSettle", watchPanels);
  // Both are built when the page has loaded, in handlers that may come after ours.
  window.addEventListener("load", () => setTimeout(() => {
    nameTips();
    nameSearches();
  }));
})();
