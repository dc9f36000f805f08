// Parts of pages that renew themselves by htmx: not while nobody looks, what a person has opened stays open, charts are
// redrawn and not built anew, and a screen reader hears only what has changed. Forms that ask before they are sent.
(() => {
  "use strict";

  const isPoll = (element) => (element.getAttribute("hx-trigger") || "").startsWith("every");

  // data-while names a box that is ticked while its part shall renew itself by the clock.
  const isPaused = ({ dataset }) => dataset.while && !document.querySelector(dataset.while).checked;

  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, requestConfig } = event.detail;
    const isByClock = !requestConfig.triggeringEvent;
    if (isPoll(elt) && (document.hidden || (isByClock && isPaused(elt)))) event.preventDefault();
  });

  // What has not changed stays, with the press of a button or the selection that is under way in it.
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    if (fragment.firstElementChild?.isEqualNode(target)) event.detail.shouldSwap = false;
  });

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const drawn = new Map();

  const options = (isSideways) => ({
    animation: false,
    indexAxis: isSideways ? "y" : "x",
    maintainAspectRatio: false,
    plugins: { legend: { display: false } },
    scales: {
      x: { stacked: true, grid: { display: isSideways }, beginAtZero: true, ticks: { precision: 0, maxRotation: 0 } },
      y: { stacked: true, grid: { display: !isSideways }, beginAtZero: true, ticks: { precision: 0 } },
    },
  });

  const paint = (chart) => {
    const line = colour("--l-edge");
    const text = colour("--l-faint");
    for (const axis of Object.values(chart.options.scales)) {
      axis.grid.color = line;
      axis.ticks.color = text;
    }
    const good = colour("--l-fill");
    for (const set of chart.data.datasets) set.backgroundColor = set.isBad ? "#ea580c" : good;
  };

  // A canvas names its numbers: <canvas id="x" data-chart="y"> and <script type="application/json" id="y"> with
  // {labels, series: [{name, values, isBad}]}.
  const draw = (canvas) => {
    const source = document.getElementById(canvas.dataset.chart);
    if (!source || !window.Chart) return;
    const { labels, series } = JSON.parse(source.textContent);
    let chart = drawn.get(canvas.id);
    if (chart && chart.canvas !== canvas) {
      chart.destroy();
      chart = null;
    }
    if (!chart) {
      const datasets = series.map(({ name, isBad }) => ({ label: name, isBad, borderRadius: 3, maxBarThickness: 28 }));
      const data = { labels: [], datasets };
      chart = new Chart(canvas, { type: "bar", data, options: options(canvas.dataset.sideways !== undefined) });
      drawn.set(canvas.id, chart);
    }
    chart.data.labels = labels;
    chart.data.datasets.forEach((set, index) => (set.data = series[index].values));
    paint(chart);
    chart.update();
  };

  const drawAll = () => document.querySelectorAll("canvas[data-chart]").forEach(draw);

  // What only a screen reader hears, from any script.
  const said = document.createElement("p");
  said.className = "l-unseen";
  said.setAttribute("role", "status");
  said.setAttribute("aria-live", "polite");
  window.legaldsSay = (words) => (said.textContent = words);

  let announced;
  const announce = () => {
    const words = document.querySelector("[data-announce]")?.dataset.announce;
    if (words && announced && words !== announced) window.legaldsSay(words);
    announced = words;
  };

  // Where the session has ended, the page is loaded anew, which asks to sign in. A renewal that has no place for what
  // somebody is entering waits until it is sent.
  const open = new Set();
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, serverResponse, xhr, pathInfo } = event.detail;
    const asked = new URL(pathInfo.requestPath, location.href).pathname;
    if (xhr.responseURL && new URL(xhr.responseURL).pathname !== asked) {
      event.detail.shouldSwap = false;
      location.reload();
      return;
    }
    for (const part of document.querySelectorAll("details[id]")) part.open ? open.add(part.id) : open.delete(part.id);
    const lost = window.legaldsUnsaved.in(target).filter((form) => !serverResponse.includes(`id="${form.id}"`));
    if (lost.length) event.detail.shouldSwap = false;
  });

  document.addEventListener("submit", (event) => {
    const question = event.target.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });

  document.addEventListener("DOMContentLoaded", () => {
    document.body.append(said);
    announce();
    drawAll();
    new MutationObserver(drawAll).observe(document.documentElement, { attributeFilter: ["class"] });
  });
  document.addEventListener("htmx:afterSwap", () => {
    open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
  });
  document.addEventListener("htmx:afterSettle", () => {
    announce();
    drawAll();
  });
})();
