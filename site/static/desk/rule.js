/* The rule of a series: only the controls that apply are shown, and rows for skipped dates come and go.
   Days stay the texts that they are: nothing here asks the browser for its time zone. */
(() => {
  const WEEKDAYS = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

  function set(box) {
    const form = box.closest("form");
    const name = box.id.replace(/^id_/, "");
    const start = `${box.dataset.prefix}start_local`;
    const control = (part) => box.querySelector(`[name="${name}_${part}"]`);
    const chosen = (part) => box.querySelector(`[name="${name}_${part}"]:checked`)?.value;

    /* A control that does not apply is not sent either, but keeps what it holds. */
    function show() {
      const state = chosen("keep") === "keep" ? "kept" : control("frequency").value || "none";
      for (const part of box.querySelectorAll("[data-for]")) {
        part.hidden = part.disabled = !part.dataset.for.split(" ").includes(state);
      }
      const choices = [chosen("monthly"), chosen("ends")];
      for (const part of box.querySelectorAll("[data-of]")) {
        part.hidden = part.disabled = !choices.includes(part.dataset.of);
      }
    }

    /* What nobody has chosen yet follows the day on which the event begins. */
    function follow() {
      const typed = /^(\d{4})-(\d\d)-(\d\d)/.exec(form.elements[start]?.value ?? "");
      if (!typed) return;
      const [year, month, day] = typed.slice(1).map(Number);
      const values = {
        ordinal: day > 28 ? "-1" : String(Math.ceil(day / 7)),
        weekday: WEEKDAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()],
      };
      for (const [part, value] of Object.entries(values)) {
        if (control(part).hasAttribute("data-follows")) control(part).value = value;
      }
    }

    const list = box.querySelector("[data-skipped]");
    const add = box.querySelector("[data-add]");
    const blank = list.lastElementChild.cloneNode(true);
    const rows = () => [...list.children];

    function changed() {
      list.dispatchEvent(new Event("change", { bubbles: true }));
    }
    function ready(row) {
      row.querySelector("[data-remove]").hidden = false;
      return row;
    }
    for (const row of rows()) {
      if (row.querySelector("input").value) ready(row);
      else row.remove();
    }
    box.querySelector("[data-more]").hidden = true;
    add.hidden = false;
    add.addEventListener("click", () => {
      const row = ready(blank.cloneNode(true));
      list.append(row);
      row.querySelector("input").focus();
    });
    list.addEventListener("click", (event) => {
      const row = event.target.closest("[data-remove]")?.closest("li");
      if (!row) return;
      const next = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      (next?.querySelector("input") ?? add).focus();
      changed();
    });

    form.addEventListener("change", (event) => {
      event.target.removeAttribute?.("data-follows");
      if (event.target.name === start) follow();
      if (box.contains(event.target)) show();
    });
    form.addEventListener("input", (event) => {
      if (event.target.name === start) follow();
    });
    follow();
    show();
  }

  function start() {
    document.querySelectorAll("[data-rule]").forEach(set);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
