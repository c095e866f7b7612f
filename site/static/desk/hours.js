/* The hours typed, told anew on other clocks: by the server, whose rules of zones are those of the site. */
(() => {
  const FIELDS = ["timezone", "start_local", "end_local", "all_day", "start_fold", "end_fold"];
  const PAUSE = 250;

  function set(box) {
    const form = box.closest("form");
    const lines = box.querySelector("[data-lines]");
    const question = form.querySelector(".desk-folds");
    let waiting, asked;

    /* The question which of two equal hours is meant stands only where it arises. */
    function ask() {
      const answered = ["start_fold", "end_fold"].some((name) => form.elements[name]?.value);
      const refused = question?.querySelector(".w-field--error, .error-message");
      if (question) question.hidden = !(lines.querySelector("[data-twice]") || answered || refused);
    }

    async function tell() {
      const words = new URLSearchParams({ here: Intl.DateTimeFormat().resolvedOptions().timeZone ?? "" });
      for (const name of FIELDS) {
        const field = form.elements[name];
        if (field && (field.type !== "checkbox" || field.checked)) words.set(name, field.value);
      }
      asked?.abort();
      asked = new AbortController();
      try {
        const answer = await fetch(`${box.dataset.hours}?${words}`, { signal: asked.signal });
        if (!answer.ok) return;
        lines.innerHTML = await answer.text();
        ask();
      } catch {
        /* Without a network what stands there stays; the form judges when it is sent. */
      }
    }

    function soon(event) {
      if (!FIELDS.includes(event.target.name)) return;
      clearTimeout(waiting);
      waiting = setTimeout(tell, PAUSE);
    }

    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    ask();
    tell();
  }

  function start() {
    document.querySelectorAll("[data-hours]").forEach(set);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
