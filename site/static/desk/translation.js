/* The side-by-side editor says a few things in English only: here they are said in the reader's language. */
(() => {
  const editor = document.querySelector(".js-translation-editor");
  const words = document.getElementById("translation-words");
  if (!editor || !words) return;
  const said = new Map(Object.entries(JSON.parse(words.textContent)));
  const mend = () => {
    const texts = document.createTreeWalker(editor, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = said.get(texts.currentNode.data.trim());
      if (text) texts.currentNode.data = text;
    }
  };
  new MutationObserver(mend).observe(editor, { childList: true, subtree: true });
  mend();
})();
