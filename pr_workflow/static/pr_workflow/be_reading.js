/* Says a typed day and time in full, with its weekday, so that a wrong day or year is seen at once. */
(() => {
  const LAST_YEAR_CE = 2400;
  const format = new Intl.DateTimeFormat("th-TH-u-ca-buddhist", { dateStyle: "full", timeStyle: "short" });
  const arabic = (text) => text.replace(/[๐-๙]/g, (digit) => "๐๑๒๓๔๕๖๗๘๙".indexOf(digit));

  const read = (text) => {
    const parts = arabic(text).trim().match(/^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s+(?:เวลา\s*)?(\d{1,2})[:.](\d\d)/);
    if (!parts) return "";
    const [day, month, year, hour, minute] = parts.slice(1).map(Number);
    const moment = new Date(year > LAST_YEAR_CE ? year - 543 : year, month - 1, day, hour, minute);
    const exists = moment.getDate() === day && moment.getMonth() === month - 1 && moment.getHours() === hour;
    return exists ? format.format(moment) : "";
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
