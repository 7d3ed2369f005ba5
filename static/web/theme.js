// The switch between dark and light, without a reload. The server reads the cookie, so the next page starts in the right one.
"use strict";

(() => {
  const YEAR_S = 365 * 86400;
  const root = document.documentElement;

  function shown() {
    if (root.dataset.theme) return root.dataset.theme;
    return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }

  function other() {
    return shown() === "dark" ? "light" : "dark";
  }

  const changed = () => document.dispatchEvent(new CustomEvent("tredye:theme"));

  // Whoever has chosen none goes with the device, also when it changes at dusk: what is drawn by scripts is drawn anew.
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-theme-form]")) return;
    event.preventDefault();
    root.dataset.theme = other();
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${root.dataset.theme}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax${secure}`;
    changed();
  });
})();
