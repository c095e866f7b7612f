/* The side-by-side editor says a few things in English only: here they are said in the reader's language. */
document.addEventListener("DOMContentLoaded", () => {
  const words = document.getElementById("translation-words");
  if (!words) return;
  const said = new Map(Object.entries(JSON.parse(words.textContent)));
  const mend = () => {
    const texts = document.createTreeWalker(document.querySelector(".js-translation-editor"), NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const there = texts.currentNode.data.trim();
      const text = said.get(there);
      if (text && text !== there) texts.currentNode.data = text; // the same again would be a change without end
    }
  };
  new MutationObserver(mend).observe(document.body, { childList: true, characterData: true, subtree: true });
  mend();
});
