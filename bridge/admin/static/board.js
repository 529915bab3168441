/* The board counts down between refreshes, refreshes itself while somebody can see it, and keeps
   what was opened. Without this script it is a page like any other. */
(() => {
  const EVERY = 20000;
  const BUSY = 30000;
  let ahead = 0;
  let touched = 0;
  let open = [];

  const board = () => document.getElementById("board");
  const two = (number) => String(number).padStart(2, "0");

  function days(number) {
    const teens = number % 100 > 10 && number % 100 < 15;
    const last = teens ? 0 : number % 10;
    return `${number} ${last === 1 ? "день" : last > 1 && last < 5 ? "дня" : "дней"}`;
  }

  function spoken(seconds) {
    const minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60);
    if (hours >= 24) return `${days(Math.floor(hours / 24))}${hours % 24 ? ` ${hours % 24} ч` : ""}`;
    if (hours) return `${hours} ч${minutes % 60 ? ` ${minutes % 60} мин` : ""}`;
    return minutes ? `${minutes} мин ${two(seconds % 60)} с` : `${seconds} с`;
  }

  function tick() {
    const now = Date.now() + ahead;
    for (const place of document.querySelectorAll("#board [data-due]")) {
      const left = Math.floor((Date.parse(place.dataset.due) - now) / 1000);
      const text = left >= 0 ? `осталось ${spoken(left)}` : `просрочено на ${spoken(-left)}`;
      if (place.textContent !== text) place.textContent = text;
    }
  }

  function read() {
    ahead = Date.parse(board().dataset.now) - Date.now();
    tick();
  }

  function refresh() {
    const choosing = document.activeElement && document.activeElement.matches("#board select")
      && Date.now() - touched < BUSY;
    if (!document.hidden && !choosing) htmx.trigger(board(), "refresh");
  }

  function heard(event) {
    const { successful, xhr } = event.detail;
    document.getElementById("board-trouble").textContent = successful ? ""
      : `Обновить не удалось${xhr && xhr.status ? ` (${xhr.status})` : ""}: данные устарели.`;
    const clock = new Intl.DateTimeFormat("ru", { timeStyle: "medium", timeZone: board().dataset.zone });
    if (successful) document.getElementById("board-seen").textContent =
      `Обновлено в ${clock.format(Date.now() + ahead)}`;
  }

  document.addEventListener("DOMContentLoaded", () => {
    read();
    setInterval(tick, 1000);
    setInterval(refresh, EVERY);
    document.addEventListener("visibilitychange", refresh);
    for (const kind of ["pointerdown", "keydown"]) {
      document.addEventListener(kind, () => { touched = Date.now(); });
    }
    document.body.addEventListener("htmx:beforeSwap", () => {
      open = [...document.querySelectorAll("#board details[open]")].map((each) => each.id);
    });
    document.body.addEventListener("htmx:afterSwap", () => {
      for (const id of open) document.getElementById(id)?.setAttribute("open", "");
      read();
    });
    document.body.addEventListener("htmx:afterRequest", heard);
  });
})();
