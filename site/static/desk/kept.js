/* Nothing typed is lost when the connection or the session ends: before a form leaves, the site is asked whether it
   would be received. The page stays until it is, and its safety key is renewed after somebody has logged in again. */
(() => {
  const { address, offline, out, login, back } = document.currentScript.dataset;
  const asked = new WeakSet();
  const leaving = new WeakSet();
  const saving = new WeakSet();
  let bar = null;

  function tell(words, link) {
    if (!bar) {
      bar = document.createElement("div");
      bar.className = "desk-kept";
      bar.setAttribute("role", "alert");
      document.body.append(bar);
    }
    bar.hidden = !words;
    bar.classList.toggle("desk-kept-back", words === back);
    bar.replaceChildren(words);
    if (!link) return;
    const entrance = document.createElement("a");
    entrance.href = address;
    entrance.target = "_blank";
    entrance.textContent = link;
    bar.append(" ", entrance);
  }

  /* "here", "out" (nobody is logged in) or "away" (no answer). */
  async function reach() {
    try {
      const answer = await fetch(address, {
        cache: "no-store",
        redirect: "manual",
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(20000),
      });
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return "out";
      if (!answer.ok) return "away";
      const { token } = await answer.json();
      for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
      return "here";
    } catch {
      return "away";
    }
  }

  /* Wagtail saves a draft while one types. A form that leaves meanwhile would make the same page twice: it waits. */
  const ENDS = ["w-autosave:success", "w-autosave:error"];
  document.addEventListener("w-autosave:save", (event) => {
    if (leaving.has(event.target)) event.preventDefault();
    else saving.add(event.target);
  });
  for (const end of ENDS) document.addEventListener(end, (event) => saving.delete(event.target));

  function settled(form) {
    if (!saving.has(form)) return null;
    return new Promise((done) => {
      for (const end of ENDS) form.addEventListener(end, done, { once: true });
      setTimeout(done, 30000);
    });
  }

  function send(form, pressed) {
    asked.add(form);
    if (pressed && pressed.form !== form) {
      const said = document.createElement("input");
      Object.assign(said, { type: "hidden", name: pressed.name, value: pressed.value });
      if (said.name) form.append(said);
      form.requestSubmit();
    } else {
      if (pressed) pressed.disabled = false;
      form.requestSubmit(pressed);
    }
    asked.delete(form);
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || asked.delete(form)) return;
    if (!form.querySelector("textarea, input[type=text], input[type=email], input[type=url]")) return;
    event.preventDefault();
    if (leaving.has(form)) return;
    const pressed = event.submitter;
    leaving.add(form);
    await settled(form);
    const state = await reach();
    if (state === "here") {
      tell("");
      send(form, pressed);
      setTimeout(() => leaving.delete(form), 30000);
      return;
    }
    leaving.delete(form);
    if (pressed) pressed.disabled = false;
    if (pressed?.hasAttribute("data-w-progress-loading-value")) pressed.dataset.wProgressLoadingValue = "false";
    if (state === "out") tell(out, login);
    else tell(offline);
  });

  async function again() {
    if (!bar || bar.hidden || document.hidden) return;
    if ((await reach()) === "here") tell(back);
  }
  window.addEventListener("online", again);
  document.addEventListener("visibilitychange", again);
})();
