/* Nothing typed is lost when the connection or the session ends: before a form leaves, the site is asked whether it
   would be received. The page stays until it is, and its safety key is renewed after somebody has logged in again. */
(() => {
  const { address, offline, out, login, back } = document.currentScript.dataset;
  const asked = new WeakSet();
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

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || asked.delete(form)) return;
    if (!form.querySelector("textarea, input[type=text], input[type=email], input[type=url]")) return;
    event.preventDefault();
    const pressed = event.submitter;
    const state = await reach();
    if (pressed) pressed.disabled = false;
    if (state === "here") {
      tell("");
      asked.add(form);
      form.requestSubmit(pressed);
      asked.delete(form);
      return;
    }
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
