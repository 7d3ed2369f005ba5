// The one banner: what is reduced now, since when, and what still works; and the buttons that would be refused, until they are not.
"use strict";

(() => {
  const LOOK_MS = 1000;
  const ASKING = "button[data-asks], form[method=post] button:not([type=button], [data-asks]), button[form]:not([data-asks])";

  // --- Rules (pure) ------------------------------------------------------------------------------------------------------

  // What the page itself sees of its stream, while the server says why that is: the same thing must not be said twice.
  const EXPLAINED = { stale: ["feed", "redis", "log", "postgres"], polling: ["feed", "redis", "log"], account: ["postgres"] };

  const isExplained = (what, modes) => (EXPLAINED[what] ?? []).some((name) => modes?.modes.some((mode) => mode.name === name));

  // The log is away by itself, or with the database that it may lie in.
  const isLogAway = (modes) => Boolean(modes?.modes.some(({ name }) => name === "log" || name === "postgres"));

  // Which of the actions that a button asks for may not be done; null when all may. `own` is what this page knows by itself.
  function refusal(asks, modes, own = {}) {
    for (const action of asks.split(" ")) {
      const found = modes?.refused[action] ?? own[action];
      if (found) return found;
    }
    return null;
  }

  // What stands beside a button that is off.
  const noteText = ({ sentence, since }, clock) => `${sentence} Since ${clock(since)}; the button is back by itself.`;

  function zoneClock(zone) {
    const format = new Intl.DateTimeFormat("en-GB", { timeZone: zone || undefined, hour: "2-digit", minute: "2-digit", second: "2-digit" });
    return (instant) => format.format(new Date(instant));
  }

  const tredye = (globalThis.tredye ||= {});
  tredye.modeRules = { isExplained, isLogAway, refusal, noteText, zoneClock };
  if (typeof document === "undefined") return;

  // --- The page ----------------------------------------------------------------------------------------------------------

  const banner = document.getElementById("modes");
  const clock = zoneClock(banner?.dataset.zone);
  const own = {}; // what this page alone knows to be refused: its one price is old
  let modes = banner?.dataset.modes ? JSON.parse(banner.dataset.modes) : null;
  let drawn = JSON.stringify(modes);
  let said = "";

  function element(name, text, more = {}) {
    const made = Object.assign(document.createElement(name), more);
    made.append(...[text].flat());
    return made;
  }

  function line({ name, title, meaning, since }) {
    const time = element("time", clock(since), { dateTime: new Date(since).toISOString() });
    const made = element("p", [element("strong", title), ` ${meaning} `, element("span", ["Since ", time, "."], { className: "nowrap" })]);
    if (name === "postgres" && document.body.dataset.ticketUrl) made.append(" What this page shows of your account is as of then.");
    made.dataset.mode = name;
    return made;
  }

  function draw() {
    document.body.dataset.away = (modes?.modes ?? []).map(({ name }) => name).join(" "); // what is not read any more is grey: feedback.css
    if (!banner) return;
    const text = JSON.stringify(modes);
    if (text !== drawn) {
      drawn = text;
      const lines = modes ? [...modes.modes.map(line), ...(modes.works ? [element("p", modes.works)] : [])] : [];
      banner.querySelector("[data-modes-lines]").replaceChildren(...lines);
    }
    const says = banner.querySelector("[data-stream-says]");
    if (says.textContent !== said) says.textContent = said;
    says.hidden = !said;
    const isBad = modes?.tone === "bad";
    banner.classList.toggle("banner-bad", isBad);
    banner.classList.toggle("banner-warn", !isBad);
    banner.hidden = !modes && !said && !banner.querySelector("[data-modes-own]");
  }

  // A button says with `data-asks` what it does; one that posts and does not say so saves something. What the server turned off
  // for another reason stays off.
  function apply() {
    for (const button of document.querySelectorAll(ASKING)) {
      const found = refusal(button.dataset.asks ?? "save", modes, own);
      if (found) {
        button.disabled = true;
        button.dataset.refused = "";
        button.title = found.sentence;
      } else if ("refused" in button.dataset) {
        button.disabled = "blocked" in button.dataset;
        delete button.dataset.refused;
        button.removeAttribute("title");
      }
    }
    for (const note of document.querySelectorAll("[data-asks-note]")) {
      const found = refusal(note.dataset.asksNote, modes, own);
      const text = found ? noteText(found, clock) : "";
      if (note.textContent !== text) note.textContent = text;
      note.hidden = !text;
    }
  }

  tredye.modes = {
    clock,
    apply,
    // As the stream or a poll tells them; null when all is well.
    set(next) {
      modes = next;
      draw();
      apply();
      tredye.chip?.show();
      document.dispatchEvent(new CustomEvent("tredye:modes"));
    },
    // Whether what comes over the event log, books of orders and bars, stands still while prices go on.
    isLogAway: () => isLogAway(modes),
    // What the page sees of its stream, and what else is wrong with what it shows: [what it is, sentence].
    say(sentences) {
      const next = sentences.filter(([what, text]) => text && !isExplained(what, modes)).map(([, text]) => text).join(" ");
      if (next === said) return;
      said = next;
      draw();
    },
    // This page knows of a refusal that concerns nobody else; null takes it back.
    own(action, found) {
      if (found) own[action] = found;
      else delete own[action];
      apply();
    },
    sentence: (action) => refusal(action, modes, own)?.sentence ?? "",
  };
  draw();
  apply();
  for (const name of ["htmx:after:swap", "htmx:finally:request"]) document.addEventListener(name, apply);
  setInterval(apply, LOOK_MS); // a request that began before gives its button back when it ends
})();
