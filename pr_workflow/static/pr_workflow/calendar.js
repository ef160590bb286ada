/* Month and week of the calendar: drawn by FullCalendar, with our own words. A drop asks the server, and snaps back
   when it says no. Without this script the list below does the same by its forms. */
(() => {
  const screen = document.querySelector("[data-calendar]");
  const grid = screen && screen.querySelector("[data-calendar-grid]");
  // Seven columns do not fit a telephone: there the list is the calendar.
  if (!grid || !window.FullCalendar || window.matchMedia("(max-width: 700px)").matches) return;

  const words = JSON.parse(document.getElementById("calendar-words").textContent);
  const say = screen.querySelector("[data-calendar-say]");
  const dialog = screen.querySelector("[data-calendar-dialog]");
  const token = screen.querySelector("[name=csrfmiddlewaretoken]").value;

  const tell = (sentence) => { say.textContent = sentence; };

  const ask = (question) => new Promise((resolve) => {
    dialog.querySelector("[data-calendar-question]").textContent = question;
    const answer = (yes) => { dialog.close(); resolve(yes); };
    dialog.querySelector("[data-calendar-yes]").onclick = () => answer(true);
    dialog.querySelector("[data-calendar-no]").onclick = () => answer(false);
    dialog.oncancel = () => resolve(false);
    dialog.showModal();
  });

  /* Sends the new day with the one that was seen; true when the entries are to be read anew. */
  const move = async (address, day, seen, confirmed = false) => {
    const form = new FormData();
    form.set("date", day);
    form.set("seen_date", seen);
    if (confirmed) form.set("confirmed", "on");
    let answer;
    let said;
    try {
      answer = await fetch(address, {
        method: "POST",
        body: form,
        headers: { "X-CSRFToken": token, "X-Requested-With": "XMLHttpRequest" },
      });
      said = await answer.json();
    } catch {
      tell(grid.dataset.failed);
      return false;
    }
    if (answer.status === 409 && said.question && !confirmed) {
      return (await ask(said.question)) && move(address, day, seen, true);
    }
    tell(said.message || said.error_message || grid.dataset.failed);
    return answer.ok || answer.status === 409; // somebody moved it meanwhile: show where it stands now
  };

  const element = (name, className, text = "") => {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  };

  const icon = (name) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", `icon icon-${name}`);
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `#icon-${name}`);
    svg.append(use);
    return svg;
  };

  const entry = ({ event }) => {
    const { word, icon: name, time, note, period, officer } = event.extendedProps;
    const head = element("div", "pr-fc__kind");
    head.append(icon(name), [word, time].filter(Boolean).join(" "));
    const body = element("div", "pr-fc__title", event.title);
    const more = note ? [element("div", "pr-fc__note", note)] : [];
    const box = element("div", "pr-fc");
    box.title = [word, event.title, period, time, note, officer].filter(Boolean).join(" · ");
    box.append(head, body, ...more);
    return { domNodes: [box] };
  };

  const header = ({ date, view }) => {
    const day = date.getUTCDay();
    if (view.type === "dayGridMonth") return words.week[day];
    return `${words.weekShort[day]} ${date.getUTCDate()} ${words.months[date.getUTCMonth()]}`;
  };

  const list = (day) => {
    const address = new URL(window.location);
    address.searchParams.set("view", "week");
    address.searchParams.set("date", day);
    return address;
  };

  const dayOf = (date) => date.toISOString().slice(0, 10);

  const calendar = new window.FullCalendar.Calendar(grid, {
    initialView: grid.dataset.view === "week" ? "dayGridWeek" : "dayGridMonth",
    initialDate: grid.dataset.date,
    locale: "th", // what FullCalendar itself says for screen readers: Thai, and in the Buddhist Era
    timeZone: "UTC", // days are days: nothing of the entries is shifted by the clock of the browser
    now: grid.dataset.today,
    headerToolbar: false,
    height: "auto",
    firstDay: 0,
    fixedWeekCount: false,
    dayMaxEvents: grid.dataset.view === "week" ? false : 6,
    moreLinkContent: ({ num }) => `+${num} ${grid.dataset.more}`,
    moreLinkHint: (num) => `+${num} ${grid.dataset.more}`,
    moreLinkClick: ({ date }) => { window.location = list(dayOf(date)); return "none"; },
    dayHeaderContent: header,
    dayCellContent: ({ date }) => String(date.getUTCDate()),
    dayCellDidMount: ({ el }) => el.removeAttribute("aria-labelledby"), // a day is read with what stands in it
    eventContent: entry,
    eventOrder: "order",
    displayEventTime: false,
    eventDurationEditable: false,
    eventStartEditable: true,
    droppable: true,
    eventDidMount: ({ el, event }) => {
      if (event.startEditable) el.dataset.movable = "";
      el.dataset.entry = event.id;
    },
    eventClick: ({ event, jsEvent }) => {
      jsEvent.preventDefault();
      const { path, dateScreen } = event.extendedProps;
      if (path || dateScreen) window.location = path || dateScreen;
    },
    events: async ({ startStr, endStr }) => {
      const address = new URL(grid.dataset.entries, window.location);
      address.searchParams.set("start", startStr);
      address.searchParams.set("end", endStr);
      const answer = await fetch(address, { headers: { "X-Requested-With": "XMLHttpRequest" } });
      const said = await answer.json();
      if (!answer.ok) throw new Error(said.error_message);
      return said.entries.map((each) => ({ ...each, startEditable: each.editable, durationEditable: false }));
    },
    eventSourceFailure: () => tell(grid.dataset.failed),
    eventDrop: async ({ event, revert }) => {
      const stays = await move(event.extendedProps.dateScreen, dayOf(event.start), event.extendedProps.seenDate);
      revert(); // the server says where it stands: an amendment leaves the plan in force, and the entry, where it was
      if (stays) calendar.refetchEvents();
    },
    eventReceive: async ({ event, revert, draggedEl }) => {
      const stays = await move(event.extendedProps.dateScreen, dayOf(event.start), event.extendedProps.seenDate);
      revert();
      if (stays) { draggedEl.remove(); calendar.refetchEvents(); }
    },
  });

  grid.hidden = false;
  screen.querySelector("[data-calendar-list]").open = false; // one click away, for the keyboard
  calendar.render();

  const tray = screen.querySelector("[data-calendar-tray]");
  new window.FullCalendar.Draggable(tray, {
    itemSelector: "[data-date-screen]",
    eventData: (item) => ({
      id: item.dataset.entry,
      title: item.dataset.title,
      allDay: true,
      classNames: item.className.split(" "),
      dateScreen: item.dataset.dateScreen,
      seenDate: item.dataset.seen,
      word: item.dataset.word,
      icon: item.dataset.icon,
    }),
  });
})();
