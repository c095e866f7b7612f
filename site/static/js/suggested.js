// Names as one writes them: organisations of the directory, and the languages that are not shown at once. A list of its
// own, for browsers suggest no name whose accents are not typed. Without this file the fields are as they stand.
(() => {
  const { address, organisations, languages } = document.currentScript.dataset;
  const MOST = 7;
  // As the site folds: accents and case do not matter; in Indic and Arabic scripts a mark is a vowel.
  const APART = { œ: 'oe', æ: 'ae', ø: 'o', đ: 'd', ł: 'l', ß: 'ss', '’': "'", ʼ: "'" };
  const fold = (text) => text.toLowerCase().normalize('NFKD').replace(/[\u0300-\u036f]/g, '').normalize('NFC')
    .replace(/[œæøđłß’ʼ]/g, (one) => APART[one]);
  const words = (text) => fold(text).match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  const made = (kind, facts, ...inside) => {
    const one = document.createElement(kind);
    for (const [name, value] of Object.entries(facts)) name in one ? (one[name] = value) : one.setAttribute(name, value);
    one.append(...inside);
    return one;
  };

  // A field with a list below it: `found` gives what goes with the words typed, `take` does what choosing means.
  const offer = (field, title, found, take) => {
    const list = made('ul', { id: `${field.id}_names`, className: 'names', hidden: true, role: 'listbox', 'aria-label': title });
    const status = made('div', { className: 'vh', 'aria-live': 'polite' });
    field.after(list, status);
    const facts = { role: 'combobox', autocomplete: 'off', 'aria-autocomplete': 'list', 'aria-expanded': false, 'aria-controls': list.id };
    Object.entries(facts).forEach(([name, value]) => field.setAttribute(name, value));
    let [here, rows] = [-1, []];
    const fill = (some) => {
      [here, rows] = [-1, some.slice(0, MOST)];
      list.replaceChildren(...rows.map(({ name, beside }, place) => made(
        'li', { id: `${list.id}_${place}`, role: 'option', 'aria-selected': 'false' }, name, ...(beside ? [' ', made('small', {}, beside)] : []),
      )));
      list.hidden = !rows.length;
      field.setAttribute('aria-expanded', rows.length > 0);
      field.removeAttribute('aria-activedescendant');
      status.textContent = rows.length ? `${title} ${rows.length}` : '';
    };
    const mark = (place) => {
      here = (place + rows.length) % rows.length;
      [...list.children].forEach((one, index) => { one.setAttribute('aria-selected', index === here); });
      list.children[here].scrollIntoView({ block: 'nearest' });
      field.setAttribute('aria-activedescendant', list.children[here].id);
    };
    const choose = (place) => {
      const one = rows[place];
      fill([]);
      take(one);
    };
    field.addEventListener('input', async () => {
      const typed = field.value;
      const asked = words(typed);
      const some = asked.length && [...asked[0]].length > 1 ? await found(asked) : [];
      if (field.value !== typed || document.activeElement !== field) return;
      fill(some.filter(({ name }) => name !== typed));
    });
    field.addEventListener('keydown', (event) => {
      if (list.hidden || event.isComposing) return;
      if (event.key === 'ArrowDown') mark(here + 1);
      else if (event.key === 'ArrowUp') mark(Math.max(here, 0) - 1);
      else if (event.key === 'Enter' && here >= 0) choose(here);
      else if (event.key === 'Escape') fill([]);
      else return;
      event.preventDefault();
    });
    list.addEventListener('mousedown', (event) => event.preventDefault()); // the field keeps the focus
    list.addEventListener('click', ({ target }) => choose([...list.children].indexOf(target.closest('li'))));
    field.addEventListener('blur', () => fill([]));
  };
  const fits = (asked) => ({ all }) => asked.every((word) => all.some((one) => one.startsWith(word)));

  // -- organisations: one small file for each two letters

  const files = new Map();
  const beginning = (letters) => {
    if (!files.has(letters)) {
      files.set(letters, fetch(address.replace('__', encodeURIComponent(letters)))
        .then((answer) => (answer.ok ? answer.json() : { organisations: [] }))
        .then((told) => told.organisations.map(([name, acronym, country, others]) => ({
          name, beside: [acronym, country].filter(Boolean).join(', '), all: words(`${name} ${acronym} ${others}`),
        })))
        .catch(() => { files.delete(letters); return []; }));
    }
    return files.get(letters);
  };
  const suggest = (field) => offer(
    field, organisations,
    async (asked) => (await beginning([...asked[0]].slice(0, 2).join(''))).filter(fits(asked)),
    ({ name }) => {
      field.value = name;
      field.dispatchEvent(new Event('input', { bubbles: true })); // kept.js keeps it
    },
  );

  // -- languages: the long list stays what is sent; what is chosen in it stands among the boxes

  const pick = (fold_) => {
    const [select, boxes] = [fold_.querySelector('select'), fold_.parentElement.querySelector('div')];
    const field = made('input', { type: 'text', id: `${select.id}_typed`, autocapitalize: 'off', spellcheck: false });
    field.dataset.unkept = '';
    const label = made('label', { className: 'hint', htmlFor: field.id }, fold_.querySelector('summary').textContent);
    fold_.hidden = true;
    fold_.after(made('div', { className: 'f' }, label, field));
    const all = [...select.options].map((option) => ({ name: option.text, option, all: words(option.text) }));
    const set = (option, chosen) => {
      option.selected = chosen;
      for (const kind of ['input', 'change']) select.dispatchEvent(new Event(kind, { bubbles: true }));
    };
    const shown = () => {
      boxes.querySelectorAll('[data-picked]').forEach((one) => one.remove());
      for (const option of select.selectedOptions) {
        const box = made('input', { type: 'checkbox', checked: true });
        box.addEventListener('change', () => set(option, box.checked));
        const tick = made('label', { className: 'tick' }, box, made('span', {}, option.text));
        tick.dataset.picked = '';
        boxes.append(tick);
      }
    };
    offer(field, languages, (asked) => all.filter((one) => !one.option.selected && fits(asked)(one)), ({ option }) => {
      field.value = '';
      set(option, true);
      shown();
    });
    shown();
    select.form.addEventListener('reset', () => setTimeout(shown));
  };

  onShown(() => { // of humus.js
    document.querySelectorAll('form[data-keep] [name=organisation]:not([role])').forEach(suggest);
    document.querySelectorAll('.question details[data-more]:not([hidden])').forEach(pick);
  });
})();
