// The chip that says whether prices are live, and the banner that says what that means while they are not.
"use strict";

(() => {
  const BANNER_AFTER_MS = 3000;
  const TEXTS = {
    live: "Live",
    polling: "Prices every 2 s",
    stale: "Prices stale",
    connecting: "Connecting",
    reconnecting: "Reconnecting",
    offline: "Offline",
    refused: "Refused",
  };
  const LOOKS = { live: "live", polling: "polling", stale: "stale", connecting: "connecting", reconnecting: "connecting", offline: "down", refused: "down", off: "off" };
  const AWAY = ["polling", "stale", "offline", "refused", "reconnecting"];

  // --- Rules (pure) ------------------------------------------------------------------------------------------------------

  const beside = (missing) => (missing ? `, ${missing}` : "");

  // What the chip says of { name, text, since, missing }; `clock` writes an instant.
  function chipText({ name, text, since, missing }, clock) {
    if (name === "live" || name === "polling") return TEXTS[name] + beside(missing);
    if (!TEXTS[name]) return "Not live";
    return `${TEXTS[name]}${text ? `: ${text}` : ""} since ${clock(since)}${name === "stale" ? beside(missing) : ""}`;
  }

  // What the banner says once that lasts; "" while there is nothing to say.
  function bannerText(state, now, clock) {
    if (!AWAY.includes(state.name) || now - state.since <= BANNER_AFTER_MS) return "";
    if (state.name !== "polling") return `${chipText(state, clock)}. What you see may be old.`;
    const orders = state.missing ? " Your orders follow when the stream is back." : "";
    return `Live prices are away since ${clock(state.since)}. Bid and ask are asked for every 2 seconds; trades, depth and chart stand still.${orders}`;
  }

  const tredye = (globalThis.tredye ||= {});
  tredye.chipRules = { chipText, bannerText };
  if (typeof document === "undefined") return;

  // --- The page ----------------------------------------------------------------------------------------------------------

  const { clock } = tredye.modes;
  const troubles = new Map(); // what else the banner has to say, by who says it
  let state = { name: "off", text: "", since: Date.now(), missing: "" };

  // The first words by themselves: a phone has no room for the rest, and the banner below says all of it.
  function write(chip, text) {
    const first = TEXTS[state.name] || text;
    const rest = document.createElement("span");
    rest.textContent = text.slice(first.length);
    const whole = document.createElement("span");
    whole.append(first, rest);
    chip.title = text;
    chip.replaceChildren(whole);
  }

  function show() {
    const text = chipText(state, clock);
    document.body.dataset.stream = state.name;
    for (const chip of document.querySelectorAll("[data-stream-status]")) {
      chip.dataset.state = state.name === "live" && state.missing ? "partial" : LOOKS[state.name];
      chip.toggleAttribute("data-away", AWAY.includes(state.name));
      if (chip.textContent !== text) write(chip, text);
    }
    tredye.modes.say([[state.name, bannerText(state, Date.now(), clock)], ...troubles]);
  }

  tredye.chip = {
    show,
    status: () => ({ ...state }),
    set(next) {
      const isOther = next.name !== state.name || next.text !== state.text;
      state = next;
      show();
      if (isOther) document.dispatchEvent(new CustomEvent("tredye:status", { detail: { ...state } }));
    },
    trouble(who, text) {
      if ((troubles.get(who) ?? "") === text) return;
      troubles.set(who, text);
      show();
    },
  };
})();
