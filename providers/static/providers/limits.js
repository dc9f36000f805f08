// Rows of limits in a form: added, removed, and filled in by the card of a vendor. The server reads what they hold.
(() => {
  "use strict";

  const nameRows = (field) => {
    field.querySelectorAll(".l-limit").forEach((row, place) => row.setAttribute("aria-label", `Limit ${place + 1}`));
  };

  const add = (field, values = {}) => {
    const row = field.querySelector("template").content.firstElementChild.cloneNode(true);
    for (const [part, value] of Object.entries(values)) {
      const input = row.querySelector(`[name$="-${part}"]`);
      if (input && value) input.value = value;
    }
    field.querySelector(".l-limit-rows").append(row);
    nameRows(field);
    return row;
  };

  // A row that is gone leaves no input that could differ from what was loaded.
  const remove = (row) => {
    const field = row.closest("[data-limits]");
    if (row.querySelector(".l-limit-amount").defaultValue) field.dataset.unsaved = "";
    row.remove();
    nameRows(field);
    field.querySelector("[data-limit-add]").focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const adds = event.target.closest("[data-limit-add]");
    const removes = event.target.closest("[data-limit-remove]");
    if (adds) add(adds.closest("[data-limits]")).querySelector("input").focus();
    if (removes) remove(removes.closest(".l-limit"));
  });

  document.addEventListener("limits:fill", (event) => {
    event.target.querySelector(".l-limit-rows").replaceChildren();
    for (const values of event.detail) add(event.target, values);
  });
})();
