// Parts of pages that renew themselves by htmx: not while nobody looks, and their charts are redrawn, not built anew.
(() => {
  "use strict";

  const isPoll = (element) => (element.getAttribute("hx-trigger") || "").startsWith("every");

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && isPoll(event.detail.elt)) event.preventDefault();
  });

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const drawn = new Map();

  const options = (isSideways) => ({
    animation: false,
    indexAxis: isSideways ? "y" : "x",
    maintainAspectRatio: false,
    plugins: { legend: { display: false } },
    scales: {
      x: { grid: { display: isSideways }, beginAtZero: true, ticks: { precision: 0, maxRotation: 0 } },
      y: { grid: { display: !isSideways }, beginAtZero: true, ticks: { precision: 0 } },
    },
  });

  const paint = (chart) => {
    const isDark = document.documentElement.classList.contains("dark");
    const line = colour(isDark ? "--color-base-700" : "--color-base-200");
    const text = colour(isDark ? "--color-base-300" : "--color-base-600");
    for (const axis of Object.values(chart.options.scales)) {
      axis.grid.color = line;
      axis.ticks.color = text;
    }
    chart.data.datasets[0].backgroundColor = colour(isDark ? "--color-primary-500" : "--color-primary-600");
  };

  // A canvas names its numbers: <canvas id="x" data-chart="y"> and <script type="application/json" id="y">.
  const draw = (canvas) => {
    const source = document.getElementById(canvas.dataset.chart);
    if (!source || !window.Chart) return;
    const { labels, values } = JSON.parse(source.textContent);
    let chart = drawn.get(canvas.id);
    if (chart && chart.canvas !== canvas) {
      chart.destroy();
      chart = null;
    }
    if (!chart) {
      const data = { labels: [], datasets: [{ data: [], borderRadius: 3, maxBarThickness: 28 }] };
      chart = new Chart(canvas, { type: "bar", data, options: options(canvas.dataset.sideways !== undefined) });
      drawn.set(canvas.id, chart);
    }
    chart.data.labels = labels;
    chart.data.datasets[0].data = values;
    paint(chart);
    chart.update();
  };

  const drawAll = () => document.querySelectorAll("canvas[data-chart]").forEach(draw);

  document.addEventListener("DOMContentLoaded", () => {
    drawAll();
    new MutationObserver(drawAll).observe(document.documentElement, { attributeFilter: ["class"] });
  });
  document.addEventListener("htmx:afterSettle", drawAll);
})();
