/* What visitors read in place of a language left empty, as one types. The page comes with it already. */
(() => {
  function tell(group) {
    const columns = [...group.querySelectorAll("[data-language]")];
    const said = new Map();
    for (const column of columns) {
      const text = column.querySelector("input, textarea").value.trim();
      if (text) said.set(column.dataset.language, text);
    }
    const first = group.dataset.trilingual;
    const other = said.has(first) ? first : said.keys().next().value;
    for (const column of columns) {
      const note = column.querySelector("[data-instead]");
      note.hidden = !other || said.has(column.dataset.language);
      if (note.hidden) continue;
      const quote = note.querySelector("q");
      note.querySelector("[data-words]").textContent = group.getAttribute(`data-in-${other}`);
      quote.lang = other;
      quote.textContent = said.get(other);
    }
  }

  document.addEventListener("input", (event) => {
    const group = event.target.closest?.("[data-trilingual]");
    if (group) tell(group);
  });
})();
