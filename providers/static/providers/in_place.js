// Buttons of a row: on and off, champion, try again now. The server's answer decides what is shown.
(() => {
  "use strict";
  const rows = window.legaldsRows;

  const bodyOf = (button) => {
    const { id, champion } = button.dataset;
    if (button.matches(".l-switch")) return { id, enabled: button.getAttribute("aria-checked") !== "true" };
    if (button.matches(".l-star")) {
      return { id, champion: button.getAttribute("aria-pressed") !== "true", believed: champion };
    }
    return { id };
  };

  const press = async (event) => {
    const button = event.target.closest(".l-switch, .l-star, .l-again");
    if (!button || button.disabled || rows.isBusy()) return;
    button.setAttribute("aria-busy", "true");
    await rows.run(button.dataset.url, bodyOf(button));
    button.removeAttribute("aria-busy");
  };

  const flip = ({ detail: { url, body, answer } }) => {
    if (answer.enabled === undefined) return;
    for (const button of document.querySelectorAll(".l-switch")) {
      if (button.dataset.url === url && button.dataset.id === String(body.id)) {
        button.setAttribute("aria-checked", String(answer.enabled));
      }
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.addEventListener("click", press);
    document.addEventListener("rows:answered", flip);
    document.querySelectorAll("[data-shows]").forEach((button) => {
      button.hidden = true;
    });
    document.querySelectorAll("[data-submits]").forEach((select) => {
      select.addEventListener("change", () => select.form.requestSubmit());
    });
  });
})();
