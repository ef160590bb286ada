/* The review screen: the width of the preview, and no second click on a decision. All of it works without this file. */
(() => {
  const DESKTOP = 1280;
  const frame = document.querySelector("[data-pr-preview]");
  const choices = [...document.querySelectorAll("[data-pr-width]")];

  const fit = () => {
    const chosen = choices.find((choice) => choice.checked);
    frame.dataset.prPreview = chosen ? chosen.value : "phone";
    frame.style.setProperty("--pr-scale", Math.min(1, frame.clientWidth / DESKTOP));
  };

  if (frame && choices.length) {
    if (window.innerWidth >= 1000) choices.find((choice) => choice.value === "desktop").checked = true;
    choices.forEach((choice) => choice.addEventListener("change", fit));
    new ResizeObserver(fit).observe(frame);
    fit();
  }

  document.querySelectorAll("form[data-pr-once]").forEach((form) => {
    form.addEventListener("submit", (event) => {
      if (form.dataset.prSent) event.preventDefault();
      form.dataset.prSent = "yes";
    });
  });
  // Back in the browser's history the form is whole again.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-pr-once]").forEach((form) => delete form.dataset.prSent);
  });

  // The way to the decision is not shown where one has arrived.
  const decision = document.getElementById("decision"), way = document.querySelector(".pr-to-decision");
  if (decision && way) new IntersectionObserver(([seen]) => { way.hidden = seen.isIntersecting; }).observe(decision);

  document.getElementById("refused")?.scrollIntoView({ block: "center" });
})();
