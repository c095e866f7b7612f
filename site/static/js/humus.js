// Everything works without this file. It copies an address, adds the reader's own hour and leads to the errors of a form.
document.getElementById('errors')?.focus();
for (const button of document.querySelectorAll('[data-copy]')) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = !navigator.clipboard;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(field.value);
    const word = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = word; }, 2500);
  });
}
// The hour where the reader is, unless the clocks there agree with those of the place.
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const clock = (at, zone) => at.toLocaleString('en-GB', { timeZone: zone });
for (const line of document.querySelectorAll('[data-yours]')) {
  const [start, end] = [new Date(line.dataset.start), new Date(line.dataset.end)];
  if (!here || clock(start, here) === clock(start, line.dataset.zone)) continue;
  const sameDay = start.toLocaleDateString('en-GB', { timeZone: here }) === start.toLocaleDateString('en-GB', { timeZone: line.dataset.zone });
  const language = document.documentElement.lang === 'en' ? 'en-GB' : document.documentElement.lang;
  const words = { hour: 'numeric', minute: '2-digit', timeZone: here, timeZoneName: 'short', ...(sameDay ? {} : { weekday: 'short', day: 'numeric', month: 'short' }) };
  line.querySelector('b').textContent = new Intl.DateTimeFormat(language, words).formatRange(start, end);
  line.hidden = false;
}
