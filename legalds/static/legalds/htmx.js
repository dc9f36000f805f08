// htmx keeps to the Content-Security-Policy: it evaluates nothing, writes no style into the page and touches none.
(() => {
  "use strict";

  htmx.config.allowEval = false;
  htmx.config.includeIndicatorStyles = false;
  htmx.config.attributesToSettle = htmx.config.attributesToSettle.filter((name) => name !== "style");
})();
