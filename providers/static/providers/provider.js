// Providers: cards that fill the form for a new one, the list of what a vendor offers, the choice of one. Without this
// they are links, plain check boxes and a form.
(() => {
  "use strict";

  // --- cards of vendors ------------------------------------------------------
  const write = (name, value) => {
    if (name === "limits") {
      const rows = new CustomEvent("limits:fill", { bubbles: true, detail: JSON.parse(value) });
      document.querySelector("#provider_form [data-limits]")?.dispatchEvent(rows);
      return;
    }
    const field = document.querySelector(`#provider_form [name="${name}"]`);
    if (!field) return;
    if (field.type === "checkbox") field.checked = value === "true";
    else field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const fill = (event) => {
    const card = event.target.closest("[data-preset]");
    if (!card || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    for (const { name, value } of card.attributes) {
      if (name.startsWith("data-field-")) write(name.slice("data-field-".length), value);
    }
    document.querySelectorAll("[data-preset]").forEach((other) => other.removeAttribute("aria-current"));
    card.setAttribute("aria-current", "true");
    history.replaceState(null, "", card.getAttribute("href"));
    document.getElementById("preset-said").textContent = `The form is filled in for ${card.querySelector("strong").textContent}.`;
    document.querySelector('#provider_form [name="api_key"]')?.focus({ preventScroll: false });
  };

  // --- what a vendor offers --------------------------------------------------
  const boxesOf = (form) => [...form.querySelectorAll('input[name="model"]')];
  const isShown = (box) => !box.closest("li").hidden && !box.closest("details:not([open])");

  const count = (form) => {
    const ticked = boxesOf(form).filter((box) => box.checked).length;
    const button = form.querySelector("[data-counts]");
    if (!button) return;
    button.disabled = ticked === 0;
    button.textContent = ticked === 0 ? "Tick the models to add" : `Add ${ticked} model${ticked === 1 ? "" : "s"}`;
  };

  const search = (form, text) => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const item of form.querySelectorAll("li[data-name]")) {
      item.hidden = !words.every((word) => item.dataset.name.includes(word));
      if (!item.hidden) found += 1;
    }
    for (const more of form.querySelectorAll("details[data-opens]")) {
      more.open = words.length > 0 && more.querySelector("li:not([hidden])") !== null;
    }
    document.getElementById("offered-said").textContent = words.length ? `${found} found` : "";
  };

  const listen = (form) => {
    form.querySelectorAll(".l-tools [hidden]").forEach((tool) => tool.removeAttribute("hidden"));
    form.addEventListener("change", () => count(form));
    form.addEventListener("input", (event) => {
      if (event.target.dataset.filters) search(form, event.target.value);
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.dataset.filters) event.preventDefault();
    });
    form.addEventListener("click", (event) => {
      const wish = event.target.dataset.ticks;
      if (!wish) return;
      boxesOf(form).filter((box) => wish === "none" || isShown(box)).forEach((box) => {
        box.checked = wish === "all";
      });
      count(form);
    });
    count(form);
  };

  // --- the test of a connection ----------------------------------------------
  // A test whose answer never came; the live part just tries again.
  const sayLost = (event) => {
    if (!event.target.matches("form")) return;
    const place = event.detail.target;
    place.textContent = "The server did not answer. Reload the page and test again.";
  };
  // A button that was disabled while its answer was awaited has lost the focus of whoever pressed it by key.
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target.matches("form") && document.activeElement === document.body) {
      event.target.querySelector("button").focus({ preventScroll: true });
    }
  });
  document.addEventListener("htmx:sendError", sayLost);
  document.addEventListener("htmx:responseError", sayLost);

  document.addEventListener("DOMContentLoaded", () => {
    document.addEventListener("click", fill);
    document.querySelector("[data-focus]")?.focus();
    document.querySelectorAll("fieldset details:has([aria-invalid=true])").forEach((details) => {
      details.open = true;
    });
    const form = document.getElementById("offered-form");
    if (form) listen(form);
    document.querySelectorAll("[data-shows]").forEach((button) => {
      button.hidden = true;
    });
    document.querySelectorAll("[data-submits]").forEach((select) => {
      select.addEventListener("change", () => select.form.requestSubmit());
    });
  });
})();
