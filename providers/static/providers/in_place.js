// Changes in place: what a button's attributes or a script asks by POST, what is shown of the answer, and Undo.
// An answer is also an event, "rows:answered", so that each part sets right what it shows, after Undo as well.
window.legaldsRows = (() => {
  "use strict";
  const { say } = window.legaldsToast;

  // --- asking and hearing ----------------------------------------------------
  let isBusy = false;
  let heard; // what came of the last change, once it is shown

  // A script asks in the name of the body.
  const isChange = ({ verb, elt }) => verb === "post" && elt.matches("body, .l-switch, .l-star, .l-again");

  const on = (name, act) =>
    document.addEventListener(`htmx:${name}`, (event) => {
      const asked = event.detail.requestConfig || event.detail;
      if (isChange(asked)) act(event, asked);
    });
  on("configRequest", (_, asked) => {
    asked.headers["X-CSRFToken"] = document.querySelector("[name=csrfmiddlewaretoken]").value;
  });
  on("beforeRequest", (event) => {
    if (isBusy) event.preventDefault(); // one thing at a time
    else isBusy = true;
  });
  on("beforeOnLoad", (event) => event.preventDefault()); // the answer is data, and never put into the page
  on("afterRequest", ({ detail: { xhr } }, { path, formData }) => {
    heard = hear(path, Object.fromEntries(formData), xhr);
  });

  const read = (xhr) => {
    if (!xhr.status) throw new Error("The server did not answer. Reload the page to see what is saved.");
    if (!(xhr.getResponseHeader("Content-Type") || "").startsWith("application/json")) {
      throw new Error("Nothing was changed. Reload the page, and sign in if it asks you to.");
    }
    const answer = JSON.parse(xhr.responseText);
    if (xhr.status >= 400) throw Object.assign(new Error(answer.message), { facts: answer });
    return answer;
  };

  const hear = async (url, body, xhr) => {
    try {
      const answer = read(xhr);
      remember(answer, body.as);
      await show(url, body, answer);
      tell(answer, body.as);
      return answer;
    } catch (error) {
      if (error.facts) {
        if (body.as) [done, undone] = [[], []];
        await show(url, body, error.facts);
      }
      say(error.message, { tone: "error" });
      return error.facts ? null : undefined;
    } finally {
      isBusy = false;
    }
  };

  // Gives the answer; null where it was refused, undefined where nobody answered: that is told already.
  const run = async (url, values) => {
    if (isBusy) return null;
    await htmx.ajax("POST", url, { values }).catch(() => undefined);
    return heard;
  };

  // --- undo ------------------------------------------------------------------
  let done = [];
  let undone = []; // both of {url, body, label}, the last one on top

  const remember = (answer, asked) => {
    if (!answer.undo) return;
    if (asked === "undo") undone.push(answer.undo);
    else done.push(answer.undo);
    if (!asked) undone = [];
  };

  const takeBack = async (stack) => {
    const step = isBusy ? null : stack.pop();
    if (step && (await run(step.url, step.body)) === undefined) stack.push(step);
  };

  const UNDO_KEYS = { Undo: "Control+Z Meta+Z", Redo: "Control+Shift+Z Meta+Shift+Z" };
  const tell = (answer, asked) => {
    const buttons = [];
    const { offer, undo } = answer;
    if (offer) buttons.push([offer.label, () => run(offer.url, offer.body)]);
    if (undo) buttons.push([undo.label, () => takeBack(asked === "undo" ? undone : done), UNDO_KEYS[undo.label]]);
    say(answer.message, { tone: answer.tone, buttons });
  };

  const isTyping = (element) => element.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

  const takeBackByKey = (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || isTyping(event.target)) return;
    const key = event.key.toLowerCase();
    const isRedo = key === "y" || (key === "z" && event.shiftKey);
    const stack = isRedo ? undone : done;
    if ((!isRedo && key !== "z") || stack.length === 0) return;
    event.preventDefault();
    takeBack(stack);
  };

  // --- what is shown of an answer --------------------------------------------
  const show = async (url, body, answer) => {
    document.dispatchEvent(new CustomEvent("rows:answered", { detail: { url, body, answer } }));
    const button = answer.enabled === undefined ? null : document.getElementById(`switch-${body.id}`);
    button?.setAttribute("aria-checked", String(answer.enabled));
    button?.setAttribute("value", String(!answer.enabled));
    // Parts that show what the shared store says look again at once.
    if (answer.refresh) htmx.trigger(document.body, "tested");
    if (answer.redraw) await redraw();
  };

  // The page's own address draws the table, so that filters, pages and panels stay what they are. The focus stays with
  // what has the same id; with its row, where that is gone.
  const redraw = async () => {
    // Another element asks than the body and the table, whose own requests would have to end first.
    const source = document.querySelector(".l-rows")?.parentElement;
    if (!source) return;
    const id = document.activeElement?.closest("[id]")?.id.split("-").slice(1).join("-");
    const wanted = { source, target: ".l-rows", select: ".l-rows", swap: "outerHTML settle:0ms" };
    await htmx.ajax("GET", location.href, wanted).catch(() => undefined);
    if (!document.querySelector(".l-rows")) location.reload();
    if (id && document.activeElement === document.body) {
      (document.getElementById(`star-${id}`) || document.getElementById(`switch-${id}`))?.focus({ preventScroll: true });
    }
  };

  document.addEventListener("DOMContentLoaded", () => document.addEventListener("keydown", takeBackByKey));

  return { run, isBusy: () => isBusy };
})();
