// What a script can add to a page that is complete without it: sort, filter, search, copy, fold. It asks nothing of the
// network and remembers nothing.
(() => {
  const SHOWN = 10;
  const make = (name, props, ...children) => {
    const element = Object.assign(document.createElement(name), props);
    element.append(...children);
    return element;
  };
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  /** A table and what is asked of it: the words looked for, and whether all rows are wanted. */
  const tables = all("table.data").map((table) => {
    const rows = [...table.tBodies].map((body) => ({ body, text: body.textContent.toLowerCase() }));
    const block = table.closest(".block");
    const state = { table, rows, block, words: "", all: rows.length <= SHOWN + 2 };
    if (!state.all) {
      const filter = make("input", { type: "search", placeholder: "Filter rows", className: "filter" });
      filter.setAttribute("aria-label", `Filter ${block.querySelector("h3").textContent}`);
      filter.addEventListener("input", () => {
        state.words = filter.value.toLowerCase();
        show(state);
      });
      block.querySelector(".scroll").before(filter);
      state.more = make("button", { type: "button", className: "show" });
      state.more.addEventListener("click", () => {
        state.all = !state.all;
        show(state);
      });
      block.querySelector(".scroll").after(state.more);
    }
    all("thead th", table).forEach((head, column) => {
      const button = make("button", { type: "button", className: "sort" }, ...head.childNodes);
      button.addEventListener("click", () => sort(state, head, column));
      head.append(button);
    });
    return state;
  });

  let searched = "";

  function show(state) {
    let matched = 0;
    let shown = 0;
    for (const { body, text } of state.rows) {
      const matches = text.includes(state.words) && text.includes(searched);
      if (matches) matched++;
      body.hidden = !matches || (!state.all && searched === "" && state.words === "" && shown >= SHOWN);
      if (!body.hidden) shown++;
    }
    state.block.hidden = searched !== "" && matched === 0;
    if (state.more) {
      state.more.hidden = searched !== "" || state.words !== "";
      state.more.textContent = state.all ? `Show the first ${SHOWN}` : `Show all ${state.rows.length} rows`;
      state.more.setAttribute("aria-expanded", String(state.all));
    }
    return matched;
  }

  function sort(state, head, column) {
    const isNumber = head.classList.contains("number");
    const was = head.getAttribute("aria-sort");
    const down = was === null ? isNumber : was === "ascending";
    for (const other of all("th[aria-sort]", state.table)) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const keyed = state.rows.map((row) => {
      const cell = row.body.rows[0].cells[column];
      const text = cell.dataset.value ?? cell.textContent;
      return {
        row,
        key: isNumber ? (cell.dataset.value === undefined ? null : Number(text)) : text === "–" ? null : text,
      };
    });
    // No data stands last, whichever way.
    keyed.sort((a, b) => {
      if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
      const order = isNumber ? a.key - b.key : a.key < b.key ? -1 : Number(a.key > b.key);
      return down ? -order : order;
    });
    state.rows = keyed.map(({ row }) => row);
    state.table.append(...state.rows.map(({ body }) => body));
    show(state);
  }

  const found = make("output", { className: "found" });
  const search = make("input", { type: "search", placeholder: "Search all rows" });
  search.setAttribute("aria-label", "Search all rows");
  search.addEventListener("input", () => {
    searched = search.value.trim().toLowerCase();
    const matched = tables.reduce((sum, state) => sum + show(state), 0);
    document.body.classList.toggle("searching", searched !== "");
    for (const section of all("main > section:not(.overview)")) {
      const blocks = all(".block", section);
      section.hidden = searched !== "" && !blocks.some((block) => !block.hidden);
      if (searched !== "" && !section.hidden) section.querySelector(".fold").open = true;
    }
    found.textContent = searched === "" ? "" : `${matched} row${matched === 1 ? "" : "s"} found`;
  });
  const fold = make("button", { type: "button", textContent: "Fold all" });
  fold.addEventListener("click", () => {
    const open = fold.textContent !== "Fold all";
    for (const part of all(".fold")) part.open = open;
    fold.textContent = open ? "Fold all" : "Unfold all";
  });
  document.querySelector(".controls").append(search, found, fold);
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof HTMLInputElement;
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      search.focus();
    }
    if (event.key === "Escape" && event.target === search) {
      search.value = "";
      search.dispatchEvent(new Event("input"));
    }
  });

  function copyButton(code, text) {
    const button = make("button", { type: "button", className: "copier", textContent: "Copy" });
    button.setAttribute("aria-label", `Copy ${text.length > 80 ? "these lines" : text}`);
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        const range = document.createRange();
        range.selectNodeContents(code);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        document.execCommand("copy");
      }
      button.textContent = "Copied";
      setTimeout(() => {
        button.textContent = "Copy";
      }, 1500);
    });
    code.after(button);
  }
  for (const code of all("code.copy")) copyButton(code, code.textContent);
  for (const code of all("code.list")) copyButton(code, `${document.body.dataset.list} ${code.textContent}`);

  for (const state of tables) show(state);
  // A link into a folded section opens it; paper shows everything.
  addEventListener("hashchange", () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const part = target?.querySelector(".fold") ?? target?.closest(".fold");
    if (part) part.open = true;
  });
  addEventListener("beforeprint", () => {
    for (const part of all(".fold")) part.open = true;
    for (const { body } of tables.flatMap(({ rows }) => rows)) body.hidden = false;
  });
  addEventListener("afterprint", () => {
    for (const state of tables) show(state);
  });
})();
