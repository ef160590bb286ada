/* A form that came back: the first field to correct is opened and gets the focus, however long the screen is. */
(() => {
  const show = () => {
    const wrong = document.querySelector('.pr-screen .w-field--error, .pr-screen [aria-invalid="true"]');
    if (!wrong) return;
    for (let box = wrong.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    const field = wrong.matches("input, textarea, select") ? wrong : wrong.querySelector("input, textarea, select");
    wrong.scrollIntoView({ block: "center" });
    if (field) field.focus({ preventScroll: true });
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", show);
  else show();
})();
