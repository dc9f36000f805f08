// The order form of a batch: models follow the provider, topics can be searched, what changed is said.
"use strict";

(() => {
  const form = document.getElementById("batch_form");
  const preview = document.getElementById("preview");
  const said = document.getElementById("preview-said");
  const SAY_AFTER_MS = 1000;

  const changed = () => form.dispatchEvent(new Event("input", { bubbles: true }));

  // --- more samples than one orders by mistake -------------------------------
  const confirm = document.getElementById("confirm");
  const askToConfirm = () => {
    const isMany = Number(form.elements.count.value) > Number(form.dataset.confirmAbove);
    confirm.hidden = !isMany;
    if (!isMany) form.elements.confirmed.checked = false;
  };

  // --- models of the provider chosen: option n of the one is group n of the other
  const provider = form.elements.provider;
  const model = form.elements.model;
  const groups = [...model.querySelectorAll("optgroup")];
  const offerModels = () => {
    const chosen = model.value;
    const place = provider.selectedIndex - 1;
    for (const group of groups) group.remove();
    for (const group of place < 0 ? groups : [groups[place]]) if (group.children.length) model.append(group);
    model.value = chosen;
    if (model.value !== chosen) model.value = "";
  };

  // --- topics ----------------------------------------------------------------
  const topics = document.getElementById("topics");
  const boxes = [...topics.querySelectorAll("[name=topics]")];
  const fold = (text) => text.toLowerCase().trim();
  const countTopics = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    topics.querySelector("[data-topic-count]").textContent = chosen ? `${chosen} of ${boxes.length} chosen` : `all ${boxes.length}`;
    topics.querySelector("[data-topics-clear]").disabled = !chosen;
  };
  const markOutside = () => {
    const chosen = [...form.querySelectorAll("[name=jurisdictions]:checked")].map((box) => box.value);
    for (const group of topics.querySelectorAll("[data-topic-group]")) {
      const homes = group.dataset.topicHomes.split(" ");
      const isOut = chosen.length > 0 && !chosen.some((one) => homes.includes(one));
      group.classList.toggle("is-out", isOut);
      group.querySelector("[data-out]").hidden = !isOut;
    }
  };
  const search = (words) => {
    let found = 0;
    for (const group of topics.querySelectorAll("[data-topic-group]")) {
      let inGroup = 0;
      for (const area of group.querySelectorAll("[data-topic-area]")) {
        const isWholeArea = fold(area.dataset.topicArea).includes(words);
        let inArea = 0;
        for (const topic of area.querySelectorAll("[data-topic]")) {
          topic.hidden = !isWholeArea && !fold(topic.textContent).includes(words);
          if (!topic.hidden) inArea += 1;
        }
        area.hidden = !inArea;
        inGroup += inArea;
      }
      group.hidden = !inGroup;
      found += inGroup;
    }
    topics.querySelector("[data-topics-none]").hidden = found > 0;
  };
  const chooseAll = (button) => {
    const part = button.closest("[data-topic-area], [data-topic-group]");
    const own = [...part.querySelectorAll("[data-topic]:not([hidden]) [name=topics]")];
    const isFull = own.every((box) => box.checked);
    for (const box of own) box.checked = !isFull;
  };

  topics.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.hasAttribute("data-topics-all")) chooseAll(button);
    else for (const box of boxes) box.checked = false;
    changed();
  });
  const searchField = document.getElementById("topic-search");
  searchField.addEventListener("input", (event) => {
    event.stopPropagation(); // to search is no change of the order
    search(fold(searchField.value));
  });
  searchField.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });

  // --- what came of it ---------------------------------------------------------
  let saying;
  const say = () => {
    const words = preview.querySelector("[data-said]")?.dataset.said ?? "";
    clearTimeout(saying);
    saying = setTimeout(() => {
      if (said.textContent !== words) said.textContent = words;
    }, SAY_AFTER_MS);
  };
  const markErrors = () => {
    for (const slot of form.querySelectorAll("[data-error-of]")) {
      const field = form.elements[slot.dataset.errorOf];
      if (field instanceof HTMLElement) field.setAttribute("aria-invalid", String(slot.textContent !== ""));
    }
  };
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target !== preview) return;
    markErrors();
    say();
  });

  form.addEventListener("input", () => {
    askToConfirm();
    offerModels();
    countTopics();
    markOutside();
  });
  for (const part of form.querySelectorAll("[data-needs-script]")) part.hidden = false;
  askToConfirm();
  offerModels();
  countTopics();
  markOutside();
})();
