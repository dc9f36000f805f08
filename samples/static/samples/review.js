// The reading page. Each element that has a key is clicked by it, or gets the focus where one types into it. A decision
// is sent in the background: the next sample was fetched ahead and is shown at once, and what the server says of the
// decision is put in when it comes. Without this file every button is a plain form.
(() => {
  "use strict";

  const ALIASES = { ArrowRight: "j", ArrowLeft: "k" };
  const main = () => document.getElementById("main");
  const reading = () => document.getElementById("s-reading");
  const isTyping = (element) => element.closest("input, textarea, select, [contenteditable], dialog[open]") !== null;
  const parse = (html) => new DOMParser().parseFromString(html, "text/html");

  let ahead = null; // the next sample's address and page, once it has come
  let sending = Promise.resolve();
  let turn = 0; // counts the decisions, so that a late answer does not take the reader back

  const fetchAhead = async () => {
    const url = reading().dataset.ahead;
    ahead = null;
    if (!url || new URL(url, location.href).pathname === location.pathname) return;
    try {
      const response = await fetch(url);
      const html = await response.text();
      if (response.ok && reading().dataset.ahead === url) ahead = { url, html };
    } catch {
      // It is fetched again when it is asked for.
    }
  };

  const put = (nodes, title) => {
    main().replaceChildren(...nodes);
    document.title = title;
    window.scrollTo(0, 0);
    reading().focus({ preventScroll: true });
  };

  const show = (page) => put(page.getElementById("main").childNodes, page.title);

  const tell = () => {
    const parts = [".l-reason", ".s-decided span", ".s-left"].map((name) => reading().querySelector(name));
    window.legaldsSay(parts.filter(Boolean).map((part) => part.textContent).join(" "));
  };

  const complain = (message) => {
    const line = document.createElement("p");
    line.className = "l-reason";
    line.setAttribute("role", "alert");
    line.textContent = message;
    document.getElementById("s-status").append(line);
  };

  // The same sample as is shown: its text and what was typed beside it stay, all around it is new.
  const renew = (fresh) => {
    document.getElementById("s-status").replaceChildren(...fresh.querySelector("#s-status").childNodes);
    reading().dataset.ahead = fresh.dataset.ahead;
  };

  const settle = async (response, mine, hasGoneOn) => {
    const page = parse(await response.text());
    const fresh = page.getElementById("s-reading");
    if (!fresh) {
      if (!response.redirected) throw new Error(`The decision was not saved (HTTP ${response.status}). Try again.`);
      location.assign(response.url);
      return;
    }
    if (response.ok && mine !== turn) return; // somebody has gone on, and is told by a later answer
    if (response.ok && hasGoneOn && fresh.dataset.pk === reading().dataset.pk) renew(fresh);
    else show(page);
    history.replaceState(null, "", response.ok ? response.url : fresh.dataset.url);
    tell();
    fetchAhead();
  };

  const decide = (form, button) => {
    if (form.dataset.isSent) return;
    form.dataset.isSent = "1";
    const body = new FormData(form);
    body.append(button.name, button.value);
    turn += 1;
    const mine = turn;
    const hasGoneOn = ahead !== null;
    const before = { nodes: [...main().childNodes], title: document.title, url: location.href };
    if (ahead) {
      history.pushState(null, "", ahead.url);
      show(parse(ahead.html));
      reading().dataset.ahead = ""; // it was fetched before this decision; the answer knows the next one
      ahead = null;
    } else {
      history.pushState(null, "", location.href);
      form.setAttribute("aria-busy", "true");
    }
    const send = async () => {
      try {
        await settle(await fetch(form.action, { method: "POST", body, keepalive: true }), mine, hasGoneOn);
      } catch (error) {
        turn += 1;
        put(before.nodes, before.title);
        history.replaceState(null, "", before.url);
        delete form.dataset.isSent;
        form.removeAttribute("aria-busy");
        complain(error instanceof TypeError ? "The server did not answer. The decision may not be saved." : error.message);
      }
    };
    sending = sending.then(send);
  };

  document.addEventListener("submit", (event) => {
    if (event.target.id !== "s-decide" || !event.submitter) return;
    event.preventDefault();
    decide(event.target, event.submitter);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-opens]");
    if (button) document.getElementById(button.dataset.opens).showModal();
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const wanted = ALIASES[event.key] || event.key;
    const target = [...document.querySelectorAll("[data-key]")].find((element) => element.dataset.key === wanted);
    if (!target) return;
    event.preventDefault();
    if (target.matches("textarea")) target.focus();
    else if (!event.repeat) target.click();
  });

  document.addEventListener("DOMContentLoaded", () => {
    if (!reading()) return;
    window.addEventListener("popstate", () => location.reload());
    fetchAhead();
  });
})();
