/* The box for tags is made in the browser without a name of its own; it takes the one of its field. */
(() => {
  const name = () => {
    document.querySelectorAll(".tagit-new input:not([aria-label])").forEach((input) => {
      const label = input.closest("[data-field-wrapper]")?.querySelector("label");
      const words = label ? label.textContent : input.closest("[data-panel]")?.querySelector("[data-panel-heading-text]")?.textContent;
      if (words) input.setAttribute("aria-label", words.trim());
    });
  };
  if (document.readyState === "complete") name();
  else window.addEventListener("load", name);
})();
