// Everything works without this file. It copies an address, adds the reader's own hour, leads to the errors of a form,
// sends again what a busy site could not take, and forgets what kept.js need not keep any more.
const onShown = (act) => { act(); document.addEventListener('humus:shown', act); };
onShown(() => document.getElementById('errors')?.focus());
onShown(() => {
  const retry = document.querySelector('[data-retry]');
  if (!retry) return;
  const form = document.getElementById('form');
  // Not all at once: whoever was turned away at the same moment comes back at another.
  const wait = (+retry.dataset.retry + 3 * Math.random()) * 1000;
  const again = setTimeout(() => form.requestSubmit(), wait);
  const stop = () => { clearTimeout(again); retry.hidden = true; };
  form.addEventListener('input', stop, { once: true });
  form.addEventListener('submit', stop, { once: true });
  retry.hidden = false;
});
const copying = (part) => {
  for (const button of part.querySelectorAll('[data-copy]')) {
    const field = document.getElementById(button.dataset.copy);
    button.hidden = !navigator.clipboard;
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(field.value);
      const word = button.textContent;
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = word; }, 2500);
    });
  }
};
copying(document);
// A form that leads to another address shows at once what is there.
for (const form of document.querySelectorAll('[data-at-once]')) {
  form.addEventListener('change', async () => {
    const answer = await fetch(`${form.action}?${new URLSearchParams(new FormData(form))}`);
    if (!answer.ok) return;
    const there = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector(form.dataset.atOnce);
    document.querySelector(form.dataset.atOnce).replaceChildren(...there.childNodes);
    copying(document.querySelector(form.dataset.atOnce));
    form.querySelector('[role=status]').textContent = document.querySelector(`${form.dataset.atOnce} h2`).textContent;
    history.replaceState(null, '', answer.url);
  });
}
// The hour where the reader is, unless the clocks there agree with those of the place or show UTC, which stands there.
const language = document.documentElement.lang;
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const clock = (at, zone) => at.toLocaleString('en-GB', { timeZone: zone });
const day = (at, zone) => at.toLocaleDateString('en-GB', { timeZone: zone });
const shortDay = (at) => at.toLocaleDateString(language === 'en' ? 'en-GB' : language, { day: 'numeric', month: 'short', timeZone: here });
const hour = (at) => {
  const [hours, minutes] = at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: here }).split(':');
  if (language === 'fr') return `${+hours}\u202fh${minutes === '00' ? '' : `\u202f${minutes}`}`;
  return language === 'es' ? `${+hours}:${minutes}` : `${hours}:${minutes}`;
};
// The name people use, for a browser may file the zone under the city's former name; else that city.
const zoneName = (at) => {
  try {
    const parts = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { timeZone: here, timeZoneName: 'longGeneric' }).formatToParts(at);
    return parts.find((part) => part.type === 'timeZoneName').value;
  } catch {
    return here.split('/').pop().replaceAll('_', ' ');
  }
};
// Whoever opens a form for the first time lives by the clock of this machine, unless they say otherwise.
onShown(() => {
  for (const choice of document.querySelectorAll('select[data-home-zone]')) {
    if (choice.value || !here || choice.form.querySelector('.bad')) continue;
    if (![...choice.options].some((option) => option.value === here)) choice.add(new Option(here.split('/').pop().replaceAll('_', ' '), here));
    choice.value = here;
  }
});
for (const line of document.querySelectorAll('[data-yours]')) {
  const [start, end, place] = [new Date(line.dataset.start), new Date(line.dataset.end), line.dataset.zone];
  if (!here || here === 'UTC' || clock(start, here) === clock(start, place)) continue;
  const oneDay = day(start, here) === day(end, here);
  const told = (at, dated) => (dated ? `${shortDay(at)}, ${hour(at)}` : hour(at));
  const dated = !oneDay || day(start, here) !== day(start, place);
  line.querySelector('b').textContent = [told(start, dated), told(end, !oneDay)].join(language === 'fr' || !oneDay ? '\u00a0– ' : '–');
  line.querySelector('span').append(` (${zoneName(start)})`);
  line.hidden = false;
}
// Half-filled forms on this device: gone once one was received, and a week after the last word.
try {
  for (const one of document.querySelectorAll('[data-received]')) localStorage.removeItem(`humus:${one.dataset.received}`);
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith('humus:'))) {
    if (!(Date.now() - JSON.parse(localStorage[key]).at < 7 * 86400e3)) localStorage.removeItem(key);
  }
} catch { /* A browser that keeps nothing has nothing to forget. */ }
