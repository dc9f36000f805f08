// Rows that are moved and switched where they stand: one POST each, and the server's answer decides what is shown.
(() => {
  "use strict";

  const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

  let toast;
  let fading;
  const say = (message, isError = false) => {
    toast.textContent = message;
    toast.classList.toggle("is-error", isError);
    toast.classList.add("is-shown");
    clearTimeout(fading);
    fading = setTimeout(() => toast.classList.remove("is-shown"), isError ? 10000 : 4000);
  };

  const post = async (url, body) => {
    let response;
    try {
      response = await fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
        body: JSON.stringify(body),
      });
    } catch {
      throw new Error("The server did not answer. Reload the page to see what is saved.");
    }
    const isJSON = (response.headers.get("Content-Type") || "").startsWith("application/json");
    if (response.redirected || !isJSON) {
      throw new Error("Nothing was changed. Reload the page, and sign in if it asks you to.");
    }
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.message);
    return answer;
  };

  const handleOf = (row) => row.querySelector(".l-handle");
  const groupOf = (row) => handleOf(row)?.dataset.group;
  const rowsOf = (table, group) => [...table.tBodies].filter((row) => groupOf(row) === group);

  const place = (table, row, next) => {
    const focused = document.activeElement;
    table.insertBefore(row, next);
    if (row.contains(focused)) focused.focus();
  };

  // The server's order wins over the page's, so that a stale page is set right by any move.
  const settle = (table, group, positions) => {
    const rows = rowsOf(table, group);
    const after = rows[rows.length - 1].nextElementSibling;
    const positionOf = (row) => positions[handleOf(row).dataset.id] ?? Number.MAX_SAFE_INTEGER;
    const sorted = [...rows].sort((one, other) => positionOf(one) - positionOf(other));
    if (sorted.some((row, index) => row !== rows[index])) sorted.forEach((row) => place(table, row, after));
    for (const row of rows) {
      const position = positions[handleOf(row).dataset.id];
      if (position !== undefined) row.querySelector(".l-position").textContent = position;
    }
  };

  let isBusy = false;
  // The row already stands at its new place; `home` is what followed it before.
  const save = async (table, row, home, neighbour) => {
    const { url, id, group } = handleOf(row).dataset;
    isBusy = true;
    table.setAttribute("aria-busy", "true");
    try {
      const answer = await post(url, { id, ...neighbour });
      settle(table, group, answer.positions);
      say(answer.message);
    } catch (error) {
      place(table, row, home);
      say(error.message, true);
    } finally {
      isBusy = false;
      table.removeAttribute("aria-busy");
    }
  };

  // Relative to the neighbour that the row was moved past: what a filter or another page hides stays where it is.
  const neighbourOf = (table, row, movedUp) => {
    const rows = rowsOf(table, groupOf(row));
    const index = rows.indexOf(row);
    const [above, below] = [rows[index - 1], rows[index + 1]];
    const idOf = (other) => handleOf(other).dataset.id;
    if (below && (movedUp || !above)) return { before: idOf(below) };
    return above ? { after: idOf(above) } : null;
  };

  const makeSortable = (table) => {
    let home = null;
    new Sortable(table, {
      draggable: "tbody",
      handle: ".l-handle",
      animation: 120,
      ghostClass: "l-ghost",
      onStart: (event) => {
        home = event.item.nextElementSibling;
      },
      onMove: (event) => groupOf(event.dragged) === groupOf(event.related),
      onEnd: (event) => {
        if (event.oldDraggableIndex === event.newDraggableIndex) return;
        const neighbour = neighbourOf(table, event.item, event.newDraggableIndex < event.oldDraggableIndex);
        if (isBusy || !neighbour) place(table, event.item, home);
        else save(table, event.item, home, neighbour);
      },
    });
  };

  const moveByKey = (event) => {
    const handle = event.target.closest(".l-handle");
    if (!handle || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    if (isBusy) return;
    const row = handle.closest("tbody");
    const table = row.parentElement;
    const rows = rowsOf(table, groupOf(row));
    const other = rows[rows.indexOf(row) + (event.key === "ArrowUp" ? -1 : 1)];
    if (!other) {
      say(`${handle.dataset.name} is ${event.key === "ArrowUp" ? "first" : "last"} in this list.`);
      return;
    }
    const home = row.nextElementSibling;
    const isUp = event.key === "ArrowUp";
    place(table, row, isUp ? other : other.nextElementSibling);
    save(table, row, home, { [isUp ? "before" : "after"]: handleOf(other).dataset.id });
  };

  const flip = async (event) => {
    const button = event.target.closest(".l-switch");
    if (!button || button.disabled) return;
    button.disabled = true;
    try {
      const wanted = button.getAttribute("aria-checked") !== "true";
      const answer = await post(button.dataset.url, { id: button.dataset.id, enabled: wanted });
      button.setAttribute("aria-checked", String(answer.enabled));
      say(answer.message);
    } catch (error) {
      say(error.message, true);
    } finally {
      button.disabled = false;
      button.focus();
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    toast = document.createElement("div");
    toast.className = "l-toast";
    toast.setAttribute("role", "status");
    toast.setAttribute("aria-live", "polite");
    document.body.append(toast);
    const tables = new Set([...document.querySelectorAll(".l-handle")].map((handle) => handle.closest("table")));
    tables.forEach(makeSortable);
    document.addEventListener("keydown", moveByKey);
    document.addEventListener("click", flip);
  });
})();
