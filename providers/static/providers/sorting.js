// Rows moved by hand or by key. A row goes beside a neighbour, so what a filter or another page hides stays where it is.
(() => {
  "use strict";
  const rows = window.legaldsRows;
  const { say } = window.legaldsToast;
  let isDragging = false;

  const placeOf = (row) => row.querySelector(".l-place");
  const handleOf = (row) => row.querySelector(".l-handle");
  const idOf = (row) => placeOf(row).dataset.id;
  const groupOf = (row) => placeOf(row)?.dataset.group;
  const rowsOf = (table, group) => [...table.tBodies].filter((row) => groupOf(row) === group);
  const tables = () => [...document.querySelectorAll(".l-rows")];

  const put = (table, row, next) => {
    const focused = document.activeElement;
    table.insertBefore(row, next);
    if (row.contains(focused)) focused.focus({ preventScroll: false });
  };

  // --- what the server says wins over what the page shows --------------------
  const settle = (table, group, answer) => {
    const listed = rowsOf(table, group);
    if (!listed.length) return;
    const rankOf = (row) => answer.order.indexOf(idOf(row));
    const known = (row) => (rankOf(row) < 0 ? answer.order.length : rankOf(row));
    const after = listed[listed.length - 1].nextElementSibling;
    const sorted = [...listed].sort((one, other) => known(one) - known(other));
    if (sorted.some((row, index) => row !== listed[index])) sorted.forEach((row) => put(table, row, after));
    for (const row of listed) {
      placeOf(row).dataset.mark = answer.mark;
      const position = row.querySelector(".l-position");
      if (position && idOf(row) in answer.positions) position.textContent = answer.positions[idOf(row)];
      handleOf(row)?.setAttribute("aria-label", `Move ${whereIs(row, answer.order)}`);
    }
  };

  const whereIs = (row, order) => `${placeOf(row).dataset.name}, ${order.indexOf(idOf(row)) + 1} of ${order.length}`;

  const settleAll = ({ detail: { url, body, answer } }) => {
    if (!answer.order) return;
    for (const table of tables()) {
      const row = [...table.tBodies].find((one) => placeOf(one)?.dataset.url === url && idOf(one) === String(body.id));
      if (!row) continue;
      settle(table, groupOf(row), answer);
      window.legaldsSay(whereIs(row, answer.order));
    }
  };

  // --- moving ----------------------------------------------------------------
  // The row already stands at its new place; `home` is what followed it before.
  const save = async (table, row, home, neighbour) => {
    const { url, id, mark } = placeOf(row).dataset;
    table.setAttribute("aria-busy", "true");
    const answer = await rows.run(url, { id, ...neighbour, believed: mark });
    if (!answer && row.isConnected && (!home || home.parentElement === table)) put(table, row, home);
    table.removeAttribute("aria-busy");
  };

  const neighbourOf = (table, row, movedUp) => {
    const listed = rowsOf(table, groupOf(row));
    const index = listed.indexOf(row);
    const [above, below] = [listed[index - 1], listed[index + 1]];
    if (below && (movedUp || !above)) return { before: idOf(below) };
    return above ? { after: idOf(above) } : null;
  };

  const makeSortable = (table) => {
    let home = null;
    new Sortable(table, {
      draggable: ".l-row",
      handle: ".l-handle",
      animation: 120,
      ghostClass: "l-ghost",
      onStart: (event) => {
        home = event.item.nextElementSibling;
        isDragging = true;
      },
      onMove: (event) => groupOf(event.dragged) === groupOf(event.related),
      onEnd: (event) => {
        isDragging = false;
        if (event.oldDraggableIndex === event.newDraggableIndex) return;
        const neighbour = neighbourOf(table, event.item, event.newDraggableIndex < event.oldDraggableIndex);
        if (rows.isBusy() || !neighbour) put(table, event.item, home);
        else save(table, event.item, home, neighbour);
      },
    });
  };

  const STEPS = {
    ArrowUp: (listed, index) => [listed[index - 1], "before"],
    ArrowDown: (listed, index) => [listed[index + 1], "after"],
    Home: (listed, index) => [index > 0 ? listed[0] : undefined, "before"],
    End: (listed, index) => [index < listed.length - 1 ? listed[listed.length - 1] : undefined, "after"],
  };

  const moveByKey = (event) => {
    const handle = event.target.closest(".l-handle");
    if (!handle || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = handle.closest(".l-row");
    const { name } = placeOf(row).dataset;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      say(`Press the up or down arrow key to move ${name}, Home or End to move it to the top or bottom.`);
    }
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    if (rows.isBusy()) return;
    const table = row.parentElement;
    const listed = rowsOf(table, groupOf(row));
    const [other, side] = step(listed, listed.indexOf(row));
    if (!other) {
      say(`${name} is ${side === "before" ? "first" : "last"} in this list.`);
      return;
    }
    const home = row.nextElementSibling;
    put(table, row, side === "before" ? other : other.nextElementSibling);
    save(table, row, home, { [side]: idOf(other) });
  };

  document.addEventListener("DOMContentLoaded", () => {
    const help = document.createElement("p");
    help.id = "l-how-to-move";
    help.hidden = true;
    help.textContent =
      "Press the up and down arrow keys to move it, Home or End to move it to the top or bottom, Ctrl and Z to undo. Or drag it.";
    document.body.append(help);
    document.addEventListener("keydown", moveByKey);
    document.addEventListener("rows:answered", settleAll);
  });
  // Once for the page as it comes, and for each table that is drawn anew.
  htmx.onLoad((part) => [...part.querySelectorAll(".l-rows"), ...(part.matches(".l-rows") ? [part] : [])].forEach(makeSortable));
  // No cell changes under a row that is being dragged.
  for (const name of ["htmx:beforeRequest", "htmx:beforeOnLoad"]) {
    document.addEventListener(name, (event) => {
      if (isDragging && event.detail.elt.matches(".l-rows")) event.preventDefault();
    });
  }
})();
