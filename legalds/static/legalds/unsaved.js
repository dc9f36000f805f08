// Whoever leaves a page with something entered that no form has sent is asked first. Each form sends its own inputs
// alone, so that of another form on the same page is asked about too.
window.legaldsUnsaved = (() => {
  "use strict";

  // Forms that save nothing: filters, those that answer in place, and the ticks of a list.
  const SAVES = 'form[method="post"]:not([hx-post], #changelist-form, #logout-form)';
  const chosen = new WeakMap(); // what a select held when it was first seen: widgets build theirs in scripts
  let sent = null;

  // Of two boxes with names to move between, the second holds what is chosen.
  const choiceOf = (select) => {
    const held = select.id.endsWith("_to") ? [...select.options] : [...select.selectedOptions];
    return held.map((option) => option.value).sort().join("\n");
  };

  const isChanged = (control) => {
    if (!control.name || control.disabled || ["hidden", "submit", "button"].includes(control.type)) return false;
    if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked;
    if (control.options) return chosen.has(control) && chosen.get(control) !== choiceOf(control);
    return control.value !== control.defaultValue;
  };

  // What came back with a mistake is not saved either, nor is it that a part was taken out.
  const isUnsaved = (form) =>
    [...form.elements].some(isChanged) || form.querySelector('[aria-invalid="true"], .errorlist, .errornote, [data-unsaved]') !== null;

  const unsavedIn = (part) => [...part.querySelectorAll(SAVES)].filter((form) => form !== sent && isUnsaved(form));

  const look = () => {
    for (const select of document.querySelectorAll(`${SAVES} select`)) {
      if (!chosen.has(select)) chosen.set(select, choiceOf(select));
    }
  };

  window.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) sent = event.target;
  });
  window.addEventListener("input", () => (sent = null));
  window.addEventListener("pageshow", () => (sent = null));
  window.addEventListener("beforeunload", (event) => {
    if (document.getElementById("main") && unsavedIn(document).length) event.preventDefault();
  });
  window.addEventListener("load", () => setTimeout(look));
  document.addEventListener("htmx:afterSettle", look);

  return { in: unsavedIn };
})();
