// The theme's libraries keep to the Content-Security-Policy: htmx evaluates nothing and writes no style into the page;
// a style that Alpine binds goes by the object model, which the policy allows, and not by the attribute, which it does not.
(() => {
  "use strict";

  htmx.config.allowEval = false;
  htmx.config.includeIndicatorStyles = false;

  const setAttribute = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    if (name === "style" && this.style) this.style.cssText = value;
    else setAttribute.call(this, name, value);
  };
})();
