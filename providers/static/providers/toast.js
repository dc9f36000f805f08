// The line at the foot of the page that tells what was done, and what can be done about it.
window.legaldsToast = (() => {
  "use strict";

  const toast = document.createElement("div");
  toast.className = "l-toast";
  toast.setAttribute("role", "group");
  toast.setAttribute("aria-label", "What was done");
  const text = document.createElement("p");
  text.className = "l-toast-text";
  text.setAttribute("role", "status");
  const actions = document.createElement("span");
  actions.className = "l-toast-actions";
  toast.append(text, actions);

  let fading;
  let stays = 0;
  const close = () => toast.classList.remove("is-shown");
  const countDown = () => {
    clearTimeout(fading);
    fading = setTimeout(close, stays);
  };
  toast.addEventListener("mouseenter", () => clearTimeout(fading));
  toast.addEventListener("focusin", () => clearTimeout(fading));
  toast.addEventListener("mouseleave", countDown);
  toast.addEventListener("focusout", countDown);
  toast.addEventListener("keydown", (event) => event.key === "Escape" && close());

  const button = (label, act, keys) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = label;
    if (keys) {
      made.setAttribute("aria-keyshortcuts", keys);
      made.title = keys.replace("Control", "Ctrl").replace(" Meta", " or Cmd");
    }
    made.addEventListener("click", act);
    return made;
  };

  // `tone` is "plain", "warning" or "error"; `buttons` are [label, what it does, its keys].
  const say = (message, { tone = "plain", buttons = [] } = {}) => {
    const hadFocus = toast.contains(document.activeElement);
    text.textContent = message;
    toast.classList.toggle("is-error", tone === "error");
    toast.classList.toggle("is-warning", tone === "warning");
    actions.replaceChildren(...buttons.map((made) => button(...made)));
    const cross = button("\u00d7", close);
    cross.setAttribute("aria-label", "Close");
    actions.append(cross);
    toast.classList.add("is-shown");
    if (hadFocus) actions.firstElementChild.focus();
    stays = tone !== "plain" || buttons.length ? 12000 : 5000;
    if (!hadFocus) countDown();
  };

  document.addEventListener("DOMContentLoaded", () => document.body.append(toast));
  return { say };
})();
