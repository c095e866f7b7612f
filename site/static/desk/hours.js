/* What the server tells of the hours typed, told anew as one types: on other clocks, and the next dates of a series.
   The rules of zones are those of the site. A box asks its address; with data-fields it sends the fields so named too. */
(() => {
  const FIELDS = ["timezone", "start_local", "end_local", "all_day", "start_fold", "end_fold"];
  const PAUSE = 250;

  function set(box) {
    const form = box.closest("form");
    const lines = box.querySelector("[data-lines]");
    const more = box.dataset.fields;
    const question = more ? null : form.querySelector(".desk-folds");
    const prefix = box.dataset.prefix ?? "";
    const bare = (name) => (name?.startsWith(prefix) ? name.slice(prefix.length) : "");
    const concerns = (name) => FIELDS.includes(bare(name)) || Boolean(more && bare(name).startsWith(more));
    let waiting, asked;

    /* The question which of two equal hours is meant stands only where it arises. */
    function ask() {
      const answered = ["start_fold", "end_fold"].some((name) => form.elements[name]?.value);
      const refused = question?.querySelector(".w-field--error, .error-message");
      if (question) question.hidden = !(lines.querySelector("[data-twice]") || answered || refused);
    }

    async function tell() {
      const words = new URLSearchParams();
      for (const [name, value] of new FormData(form)) {
        if (concerns(name)) words.append(bare(name), value);
      }
      asked?.abort();
      asked = new AbortController();
      try {
        const answer = more ? await send(words) : await look(words);
        if (!answer.ok) return;
        const told = await answer.text();
        if (lines.innerHTML !== told) lines.innerHTML = told;
        ask();
      } catch {
        /* Without a network what stands there stays; the form judges when it is sent. */
      }
    }

    function look(words) {
      words.append("here", Intl.DateTimeFormat().resolvedOptions().timeZone ?? "");
      return fetch(`${box.dataset.hours}?${words}`, { signal: asked.signal });
    }

    /* Many dates would be too long for an address. */
    function send(words) {
      const key = form.elements.csrfmiddlewaretoken?.value ?? "";
      const headers = { "X-CSRFToken": key };
      return fetch(box.dataset.hours, { method: "POST", body: words, headers, signal: asked.signal });
    }

    function soon(event) {
      if (!concerns(event.target.name) && !(more && event.target.closest?.("[data-rule]"))) return;
      clearTimeout(waiting);
      waiting = setTimeout(tell, PAUSE);
    }

    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    ask();
    if (!more) tell();
  }

  function start() {
    document.querySelectorAll("[data-hours]").forEach(set);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
