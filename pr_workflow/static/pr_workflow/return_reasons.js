/* Repeats each reason of a return at the field it blames. Without this file the list above still says everything. */
document.querySelectorAll("[data-pr-reason]").forEach((row) => {
  const text = row.querySelector("[data-pr-text]").textContent;
  row.dataset.prReason.split(" ").filter(Boolean).forEach((name) => {
    const field = document.querySelector(`[data-contentpath="${name}"]`);
    if (!field) return;
    const here = document.createElement("p");
    here.className = "pr-reason-here";
    here.id = `return-reason-${name}`;
    here.textContent = `⚠ ${row.dataset.prWords} ${text}`;
    field.before(here);
    const input = field.querySelector("input:not([type=hidden]), textarea, select");
    if (input) input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby") || ""} ${here.id}`.trim());
  });
  // Panels have an id of their own; the link goes to the field itself when it is there.
  const link = row.querySelector("a");
  const first = document.getElementById(`return-reason-${row.dataset.prReason.split(" ")[0]}`);
  if (link && first) link.href = `#${first.id}`;
});
