/* The form of a question: what has nothing to do with the kind of answer chosen is out of the way. All of it is there
   without this script, and whatever is hidden is sent as it is. */
(() => {
  const form = document.querySelector("[data-question-form]");
  const kind = form && form.querySelector("[name=kind]");
  if (!kind) return;
  const choices = form.querySelector(".desk-of-choices");
  const file = form.querySelector(".desk-of-file");

  function settle() {
    if (choices) choices.hidden = !["choice", "several"].includes(kind.value);
    if (file) file.hidden = kind.value !== "file";
  }

  kind.addEventListener("change", settle);
  settle();
})();
