// Questions that hang on another answer, on a ticket or on the way one takes part appear when they are asked, and are
// neither seen nor sent otherwise; what was answered stays in them. Without this file all are shown, and say when they
// are to be answered.
(() => {
  const list = (text) => (text ?? '').split(' ').filter(Boolean);
  const said = (form, name) => {
    const fields = [...form.elements].filter((one) => one.name === name && !one.disabled);
    return fields.flatMap((one) => {
      if (one.type === 'radio' || one.type === 'checkbox') return one.checked ? [one.value] : [];
      return one.options ? [...one.selectedOptions].map((chosen) => chosen.value) : [one.value];
    }).filter(Boolean);
  };
  // What can't be chosen on this page the site has judged already.
  const isMeant = (form, { dataset: { tickets, attendance, after, afterValues } }) => {
    if (tickets && form.querySelector('[name=ticket]') && !list(tickets).includes(said(form, 'ticket')[0])) return false;
    if (attendance && form.querySelector('[name=attendance]')) {
      const way = form.querySelector('[name=ticket]:checked')?.dataset.way || said(form, 'attendance')[0];
      if (way !== attendance) return false;
    }
    if (!after || !form.querySelector(`[data-question="${after}"]`)) return true;
    const given = said(form, `q${after}`);
    return afterValues ? list(afterValues).some((key) => given.includes(key)) : given.length > 0;
  };

  const held = new WeakSet(); // fields that are disabled because of what is told here
  const show = (question, asked) => {
    question.hidden = !asked;
    for (const field of question.querySelectorAll('input, select, textarea')) {
      if (!asked && !field.disabled) {
        field.disabled = true;
        held.add(field);
      } else if (asked && held.delete(field)) field.disabled = false;
    }
  };
  // Of several boxes no browser can require one; a file that the site holds need not be sent again.
  const require = (question) => {
    if (!('required' in question.dataset) || question.querySelector('[type=hidden]')) return;
    for (const field of question.querySelectorAll('[type=radio], .f:not(fieldset) > :is(input, select, textarea), .tick > [value=yes]')) {
      if (!field.closest('fieldset.f') || field.type === 'radio') field.required = true;
    }
  };
  // As often as something changes: an answer that is not asked leads to nothing. Those that have appeared.
  const settle = (form) => {
    const questions = [...form.querySelectorAll('.question')];
    const seen = questions.filter((one) => !one.hidden);
    for (let round = 0; round <= questions.length; round += 1) {
      const wrong = questions.filter((one) => one.hidden === isMeant(form, one));
      if (!wrong.length) break;
      wrong.forEach((one) => show(one, one.hidden));
    }
    return questions.filter((one) => !one.hidden && !seen.includes(one));
  };
  const WORDS = 'legend > span, label:not(.tick) > span, .tick > span > span';
  onShown(() => { // of humus.js
    for (const form of document.forms) {
      form.querySelectorAll('[data-when]').forEach((words) => { words.hidden = true; });
      form.querySelectorAll('.question').forEach(require);
      settle(form);
    }
  });
  document.addEventListener('change', ({ target: { form } }) => {
    if (!form?.querySelector('.question')) return;
    const names = settle(form).map((one) => one.querySelector(WORDS)?.textContent.trim());
    const region = form.querySelector('[data-asked]');
    if (region) region.textContent = names.length ? `${region.dataset.asked} ${names.join(' · ')}` : '';
  });
})();
