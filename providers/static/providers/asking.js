// What changes in place share: the POST, the toast that tells of it, Undo, and the table drawn anew.
// An answer is also an event, "rows:answered", so that each part sets right what it shows, after Undo as well.
window.legaldsRows = (() => {
  "use strict";

  const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

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
    if (!response.ok) throw Object.assign(new Error(answer.message), { facts: answer });
    return answer;
  };

  // --- the toast -------------------------------------------------------------
  const toast = document.createElement("div");
  toast.className = "l-toast";
  toast.setAttribute("role", "group");
  toast.setAttribute("aria-label", "What was done");
  const text = document.createElement("p");
  text.className = "l-toast-text";
  text.setAttribute("role", "status");
  const deeds = document.createElement("span");
  deeds.className = "l-toast-deeds";
  toast.append(text, deeds);
  const whisper = document.createElement("p");
  whisper.className = "l-unseen";
  whisper.setAttribute("role", "status");

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

  const button = (label, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  };

  // `tone` is "plain", "warning" or "error"; `buttons` are [label, what it does].
  const say = (message, { tone = "plain", buttons = [] } = {}) => {
    const hadFocus = toast.contains(document.activeElement);
    text.textContent = message;
    toast.classList.toggle("is-error", tone === "error");
    toast.classList.toggle("is-warning", tone === "warning");
    deeds.replaceChildren(...buttons.map(([label, act]) => button(label, act)));
    const cross = button("\u00d7", close);
    cross.setAttribute("aria-label", "Close");
    deeds.append(cross);
    toast.classList.add("is-shown");
    if (hadFocus) deeds.firstElementChild.focus();
    stays = tone !== "plain" || buttons.length ? 12000 : 5000;
    if (!hadFocus) countDown();
  };

  // --- undo ------------------------------------------------------------------
  let done = [];
  let undone = [];
  let isBusy = false;

  const remember = (answer, asked) => {
    if (!answer.undo) return;
    if (asked === "undo") undone.push(answer.undo);
    else done.push(answer.undo);
    if (!asked) undone = [];
  };

  const takeBack = (stack) => {
    const step = isBusy ? null : stack.pop();
    if (step) run(step.url, step.body);
  };

  const tell = (answer, asked) => {
    const buttons = [];
    const { offer, undo } = answer;
    if (offer) buttons.push([offer.label, () => isBusy || run(offer.url, offer.body)]);
    if (undo) buttons.push([undo.label, () => takeBack(asked === "undo" ? undone : done)]);
    say(answer.message, { tone: answer.tone, buttons });
  };

  // One thing at a time. Gives the answer, or null where it was refused: that is told already.
  const run = async (url, body) => {
    isBusy = true;
    try {
      const answer = await post(url, body);
      remember(answer, body.as);
      await show(url, body, answer);
      tell(answer, body.as);
      return answer;
    } catch (error) {
      if (body.as) done = undone = [];
      if (error.facts) await show(url, body, error.facts);
      say(error.message, { tone: "error" });
      return null;
    } finally {
      isBusy = false;
    }
  };

  const show = async (url, body, answer) => {
    document.dispatchEvent(new CustomEvent("rows:answered", { detail: { url, body, answer } }));
    if (answer.redraw) await redraw();
  };

  // --- the table anew --------------------------------------------------------
  const focusedRow = () => {
    const element = document.activeElement;
    const id = element?.closest("[data-id]")?.dataset.id;
    return id ? { id, kind: element.classList[0] } : null;
  };

  const focusAgain = (was) => {
    if (!was) return;
    const ofRow = (kind) =>
      [...document.querySelectorAll(kind)].find((element) => element.closest("[data-id]")?.dataset.id === was.id);
    (ofRow(`.${was.kind}`) || ofRow(".l-handle") || ofRow(".l-star") || ofRow(".l-switch"))?.focus({ preventScroll: true });
  };

  // The page's own address draws it, so that filters, pages and panels stay what they are.
  const redraw = async () => {
    const response = await fetch(location.href).catch(() => null);
    if (!response?.ok || response.redirected) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector(".l-rows");
    const table = document.querySelector(".l-rows");
    if (!table) return;
    if (!fresh) {
      location.reload();
      return;
    }
    const was = focusedRow();
    [...table.tBodies].forEach((row) => row.remove());
    table.append(...[...fresh.tBodies].map((row) => document.adoptNode(row)));
    focusAgain(was);
  };

  // --- keys ------------------------------------------------------------------
  const isTyping = (element) => element.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

  const takeBackByKey = (event) => {
    if (event.key === "Escape" && toast.contains(event.target)) close();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || isTyping(event.target)) return;
    const key = event.key.toLowerCase();
    const isRedo = key === "y" || (key === "z" && event.shiftKey);
    const stack = isRedo ? undone : done;
    if ((!isRedo && key !== "z") || stack.length === 0) return;
    event.preventDefault();
    takeBack(stack);
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.body.append(toast, whisper);
    document.addEventListener("keydown", takeBackByKey);
  });

  return {
    run,
    say,
    redraw,
    isDragging: false,
    isBusy: () => isBusy,
    whisper: (words) => {
      whisper.textContent = words;
    },
  };
})();
