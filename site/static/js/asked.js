// Questions that hang on another answer, on a ticket or on the way one takes part appear when they are asked, and are
// neither seen nor sent otherwise; what was answered stays in them. Without this file all are shown.
(() => {
  const list = (text) => (text ?? '').split(' ').filter(Boolean);
  const said = (form, name) => {
    const fields = [...form.elements].filter((one) => one.name === name && !one.matches(':disabled'));
    return fields.flatMap((one) => {
      if (one.type === 'radio' || one.type === 'checkbox') return one.checked ? [one.value] : [];
      return one.options ? [...one.selectedOptions].map((chosen) => chosen.value) : [one.value.trim()];
    }).filter(Boolean);
  };
  // What may be asked at all; where nothing can be chosen the site has chosen.
  const agrees = (form, question) => {
    const { tickets, attendance, after, afterValues } = question.dataset;
    if (tickets && form.querySelector('[name=ticket]') && !list(tickets).includes(said(form, 'ticket')[0])) return false;
    if (attendance) {
      const bound = form.querySelector('[name=ticket]:checked')?.dataset.way;
      const ways = form.querySelector('[name=attendance]') || bound ? [bound || said(form, 'attendance')[0]] : null;
      if (ways && !ways.includes(attendance)) return false;
    }
    if (!after || !form.querySelector(`[data-question="${after}"]`)) return true;
    const given = said(form, `q${after}`);
    return afterValues ? list(afterValues).some((key) => given.includes(key)) : given.length > 0;
  };
  const held = new WeakSet(); // fields that are disabled because of what is told here
  const show = (question, asked) => {
    question.hidden = !asked;
    for (const field of question.querySelectorAll('input, select, textarea, button')) {
      if (!asked && !field.disabled) {
        field.disabled = true;
        held.add(field);
      } else if (asked && held.delete(field)) field.disabled = false;
    }
  };
  // From the first to the last, again as long as something changes: an answer that is not asked leads to nothing.
  const settle = (form) => {
    const questions = [...form.querySelectorAll('.question')];
    const seen = questions.filter((one) => !one.hidden);
    for (let round = 0; round <= questions.length; round += 1) {
      const wrong = questions.filter((one) => one.hidden === agrees(form, one));
      if (!wrong.length) break;
      wrong.forEach((one) => show(one, one.hidden));
    }
    return questions.filter((one) => !one.hidden && !seen.includes(one));
  };
  const label = (question) => question.querySelector('legend, label, .label')?.firstChild?.textContent.trim() ?? '';
  onShown(() => { // of humus.js
    for (const form of document.querySelectorAll('form:has(.question)')) {
      for (const words of form.querySelectorAll('[data-when]')) words.hidden = true;
      settle(form);
    }
  });
  document.addEventListener('change', ({ target }) => {
    const form = target.form;
    if (!form?.querySelector('.question')) return;
    const more = settle(form);
    const region = form.querySelector('[data-asked]');
    if (region) region.textContent = more.length ? `${region.dataset.asked} ${more.map(label).join(', ')}` : '';
  });
})();
