// A form half filled is kept on this device until it has been received, and a form that can't be sent stays as it is.
// Everything works without this file. It is for forms with data-keep, the name they are kept by; data-back says over
// what they are brought back: "all" that a new form holds, or only what is the "same" as when it was changed. A form
// that the site has sent back filled in has neither: what it holds is newer.
(() => {
  const WEEK = 7 * 86400e3;
  const shelf = (() => {
    try {
      localStorage.setItem('humus', '');
      localStorage.removeItem('humus');
      return localStorage;
    } catch {
      return null; // kept nowhere, sent all the same
    }
  })();
  const kept = () => document.querySelector('form[data-keep]');
  const key = (form) => `humus:${form.dataset.keep}`;

  // -- what is kept: neither files nor keys nor codes, nor what nobody sees

  const KINDS = ['hidden', 'file', 'password', 'submit', 'button'];
  const NAMES = ['code', 'topic'];
  const isKept = (field) => field.name && !KINDS.includes(field.type) && !NAMES.includes(field.name) && !field.name.endsWith('-away') && !('unkept' in field.dataset);
  const id = (field) => (field.type === 'checkbox' ? `${field.name}=${field.value}` : field.name);
  const group = (field) => [...field.form.elements].filter((one) => one.type === 'radio' && one.name === field.name);
  // What a field says now, or what it said when the page came.
  const said = (field, first) => {
    if (field.type === 'checkbox') return first ? field.defaultChecked : field.checked;
    if (field.type === 'radio') return group(field).find((one) => (first ? one.defaultChecked : one.checked))?.value ?? '';
    if (!field.options) return first ? field.defaultValue : field.value;
    const chosen = [...field.options].filter((one) => (first ? one.defaultSelected : one.selected));
    if (field.multiple) return chosen.map((one) => one.value).join('\n');
    return (chosen[0] ?? field.options[0])?.value ?? '';
  };
  const say = (field, words) => {
    if (field.type === 'checkbox') field.checked = words;
    else if (field.type === 'radio') group(field).forEach((one) => { one.checked ||= one.value === words && !one.disabled; });
    else if (field.multiple) [...field.options].forEach((one) => { one.selected = words.split('\n').includes(one.value); });
    else if (!field.options || [...field.options].some((one) => one.value === words)) field.value = words;
  };

  const read = (form) => {
    try {
      const found = JSON.parse(shelf.getItem(key(form)));
      return Date.now() - found.at < WEEK ? found : null;
    } catch {
      return null;
    }
  };
  const forget = (form) => shelf?.removeItem(key(form));

  // Only what has been touched here is written, beside what another tab has written since.
  const touched = new Map();
  let soon = 0;
  const write = () => {
    clearTimeout(soon);
    const form = kept();
    if (!shelf || !form || !touched.size) return;
    const all = read(form) ?? { since: Date.now(), said: {} };
    for (const field of touched.values()) {
      const [is, was] = [said(field), all.said[id(field)]?.was ?? said(field, true)];
      if (is === was) delete all.said[id(field)];
      else all.said[id(field)] = { was, is };
    }
    touched.clear();
    put(form, all);
  };
  const put = (form, all) => {
    try {
      all.at = Date.now();
      if (Object.keys(all.said).length) shelf.setItem(key(form), JSON.stringify(all));
      else forget(form);
    } catch { /* There is no room: the page still holds it. */ }
    told(form);
  };
  document.addEventListener('input', ({ target }) => {
    const form = kept();
    if (!shelf || !form || target.form !== form || !isKept(target)) return;
    touched.set(id(target), target);
    clearTimeout(soon);
    soon = setTimeout(write, 400);
  });
  addEventListener('pagehide', write);
  document.addEventListener('visibilitychange', write);

  // -- what the page says of it

  const word = (name) => document.querySelector(`template[data-word=${name}]`).content.cloneNode(true);
  const tell = (where, name) => document.querySelector(`[data-${where}]`)?.replaceChildren(...(name ? [word(name)] : []));
  const told = (form) => {
    const line = form.querySelector('[data-keeping]');
    if (line) line.hidden = !read(form);
  };
  const back = (form) => {
    const all = read(form);
    let found = false;
    for (const field of all && form.dataset.back ? form.elements : []) {
      const one = isKept(field) && all.said[id(field)];
      if (!one || (form.dataset.back === 'same' && said(field, true) !== one.was)) continue;
      say(field, one.is);
      found ||= said(field) !== said(field, true);
      if (said(field) !== said(field, true)) field.closest('details')?.setAttribute('open', '');
    }
    const mark = form.elements.submission;
    if (mark) mark.value = (form.dataset.back === 'all' && all?.mark) || (form.dataset.mark ??= mark.value);
    if (!found) return;
    tell('said', 'back');
    const since = new Date(all.since);
    const moment = form.querySelector('[data-since]');
    moment.textContent = `${shortDay(since)}, ${hour(since)}`; // both of humus.js
    moment.dateTime = since.toISOString();
  };
  onShown(() => {
    const form = kept();
    if (!form) return;
    if (shelf && !read(form)) forget(form); // too old, or not ours
    if (shelf) back(form);
    if (shelf) told(form);
  });
  document.addEventListener('click', ({ target }) => {
    const form = kept();
    if (!form || !target.closest('[data-forget]')) return;
    touched.clear();
    forget(form);
    if (!form.dataset.back) return location.replace(location.href.split('#')[0]); // as it came first
    form.reset();
    tell('said', 'forgotten');
    tell('unsent');
    told(form);
    const words = form.querySelector('[data-said] [tabindex]');
    words.focus();
    document.dispatchEvent(new Event('humus:shown'));
  });
  addEventListener('storage', (event) => { // forgotten, or received, in another tab
    const form = kept();
    if (!form || (event.key !== null && event.key !== key(form))) return;
    if (!read(form)) tell('said');
    told(form);
  });

  // -- sending: the page leaves when the form has been received, not before

  let leaving = null;
  let received = false;
  let looking = 0;

  document.addEventListener('submit', async (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches('form[data-keep]')) return undefined;
    event.preventDefault();
    if (leaving) return undefined;
    const heavy = [...form.elements].find(isHeavy);
    if (heavy) {
      tell('unsent', 'large');
      return heavy.focus();
    }
    leaving = form;
    write();
    // Sent again it is the same form, were it tomorrow: the site knows it by this mark.
    const all = shelf && read(form);
    if (all && form.elements.submission) put(form, { ...all, mark: form.elements.submission.value });
    form.setAttribute('aria-busy', 'true');
    clearInterval(looking);
    tell('unsent');
    const slow = setTimeout(() => tell('unsent', 'sending'), 800);
    let trouble = '';
    try {
      const pressed = event.submitter;
      let answer = await sent(form, pressed);
      if (answer.status === 403 && (await renewed(form))) answer = await sent(form, pressed);
      trouble = answer.redirected ? left(form, answer.url) : await shown(answer, pressed);
    } catch {
      trouble = navigator.onLine ? 'unanswered' : 'offline';
    }
    clearTimeout(slow);
    leaving = null;
    if (received) return undefined;
    form.removeAttribute('aria-busy');
    if (!form.isConnected) return undefined;
    tell('unsent', trouble);
    looking = setInterval(look, 10000);
    return undefined;
  });

  // What the site would refuse need not travel.
  function isHeavy(field) {
    const most = field.closest('[data-megabytes]')?.dataset.megabytes;
    return most && field.type === 'file' && !field.disabled && field.files[0]?.size > most * 2 ** 20;
  }

  function sent(form, pressed) {
    const data = new FormData(form);
    if (pressed?.name) data.append(pressed.name, pressed.value);
    const bytes = [...data.values()].reduce((sum, one) => sum + (one.size ?? 0), 0);
    return fetch(form.getAttribute('action') || location.href, {
      method: 'POST',
      body: form.enctype === 'multipart/form-data' ? data : new URLSearchParams(data),
      signal: AbortSignal.timeout?.(60000 + bytes / 4), // 4 kB a second, where a connection is weak
    });
  }

  // The safety key of a form that stood open for long is too old: a new one, once.
  async function renewed(form) {
    const field = form.elements.csrfmiddlewaretoken;
    if (!field) return false;
    const page = new DOMParser().parseFromString(await (await fetch(location.href, { cache: 'no-store' })).text(), 'text/html');
    field.value = page.querySelector('[name=csrfmiddlewaretoken]')?.value ?? '';
    return Boolean(field.value);
  }

  function left(form, address) {
    received = true;
    touched.clear();
    forget(form);
    location.assign(address);
    return '';
  }

  // The form as the site sends it back, or what it says instead; another machine's words are none.
  async function shown(answer, pressed) {
    if (answer.status === 413) return 'large';
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const main = page.querySelector('main');
    if (!main || (answer.status >= 500 && !main.querySelector('form[data-keep]'))) return 'unanswered';
    document.querySelector('main').replaceWith(document.adoptNode(main));
    document.title = page.title;
    document.dispatchEvent(new Event('humus:shown'));
    if (main.querySelector('#errors')) return '';
    const same = pressed?.name && main.querySelector(`button[name="${pressed.name}"]`);
    if (!same) main.tabIndex = -1;
    (same || main).focus();
    return '';
  }

  async function look() {
    if (document.hidden || leaving) return;
    try {
      if (!(await fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout?.(8000) })).ok) return;
    } catch {
      return;
    }
    if (leaving) return;
    clearInterval(looking);
    tell('unsent', 'here');
  }
  addEventListener('online', () => { if (document.querySelector('[data-unsent]')?.childElementCount) look(); });
  addEventListener('pageshow', ({ persisted }) => { if (persisted && received) location.reload(); });
})();
