/* Says a picked date and time in words of the Buddhist Era, so that a wrong year is seen at once. */
(() => {
  const LAST_YEAR_CE = 2400;
  const format = new Intl.DateTimeFormat("th-TH-u-ca-buddhist", { dateStyle: "full", timeStyle: "short" });

  const read = (value) => {
    const parts = value.match(/^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/);
    if (!parts) return "";
    const [year, month, day, hour, minute] = parts.slice(1).map(Number);
    const christian = year > LAST_YEAR_CE ? year - 543 : year;
    return format.format(new Date(christian, month - 1, day, hour, minute));
  };

  document.querySelectorAll("[data-pr-reading-of]").forEach((line) => {
    const input = document.getElementById(line.dataset.prReadingOf);
    if (!input) return;
    const show = () => { line.textContent = read(input.value); };
    input.addEventListener("input", () => {
      show();
      const at = input.form.querySelector('input[name="when"][value="at"]');
      if (at && input.value) at.checked = true;
    });
    show();
  });
})();
