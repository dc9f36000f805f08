// Keys of the reading page: each element that has a key is clicked by it, or gets the focus where one types into it.
(() => {
  "use strict";

  const ALIASES = { ArrowRight: "j", ArrowLeft: "k" };
  const isTyping = (element) => element.closest("input, textarea, select, [contenteditable], dialog[open]") !== null;

  const open = (button) => document.getElementById(button.dataset.opens).showModal();

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-opens]");
    if (button) open(button);
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const wanted = ALIASES[event.key] || event.key;
    const target = [...document.querySelectorAll("[data-key]")].find((element) => element.dataset.key === wanted);
    if (!target) return;
    event.preventDefault();
    if (target.matches("textarea")) target.focus();
    else if (!event.repeat) target.click();
  });
})();
