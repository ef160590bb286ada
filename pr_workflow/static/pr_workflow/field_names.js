/* The box for tags and the rich text are made in the browser without a name; each takes the one of its field. */
(() => {
  const NAMELESS = ".tagit-new input:not([aria-label]), .public-DraftEditor-content:not([aria-label])";
  const wordsFor = (box) => {
    const label = box.closest("[data-field-wrapper]")?.querySelector("label");
    return label || box.closest("[data-panel]")?.querySelector("[data-panel-heading-text]");
  };
  const name = () => {
    document.querySelectorAll(NAMELESS).forEach((box) => {
      const words = wordsFor(box)?.textContent.trim();
      if (words) box.setAttribute("aria-label", words);
    });
  };
  if (document.readyState === "complete") name();
  else window.addEventListener("load", name);
  document.addEventListener("focusin", name); // what was added meanwhile, a paragraph for example
})();
