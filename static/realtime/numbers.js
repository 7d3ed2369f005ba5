// Money in the page: read exactly or not at all, computed in BigInt in units of 10^-8, never a float.
"use strict";

(() => {
  const SCALE = 8;
  const MISSING = "\u2013";
  const MINUS = "\u2212";

  function parseUnits(text) {
    const match = /^(-?)(\d{1,20})(?:\.(\d{1,8}))?$/.exec(text ?? "");
    if (!match) return null;
    const units = BigInt(match[2] + (match[3] || "").padEnd(SCALE, "0"));
    return match[1] ? -units : units;
  }

  // Rounds half to even, as the server does.
  function divideRounded(value, by) {
    const sign = value < 0n ? -1n : 1n;
    const size = value * sign;
    const whole = size / by;
    const twice = (size % by) * 2n;
    const up = twice > by || (twice === by && whole % 2n === 1n);
    return sign * (up ? whole + 1n : whole);
  }

  function formatUnits(units, decimals, signed = false) {
    if (units === null || units === undefined) return MISSING;
    const places = Math.min(Math.max(decimals, 0), SCALE);
    const rounded = divideRounded(units, 10n ** BigInt(SCALE - places));
    const digits = String(rounded < 0n ? -rounded : rounded).padStart(places + 1, "0");
    const whole = digits.slice(0, digits.length - places).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
    const sign = rounded < 0n ? MINUS : signed && rounded > 0n ? "+" : "";
    return sign + whole + (places ? "." + digits.slice(-places) : "");
  }

  const midUnits = (bid, ask) => divideRounded(bid + ask, 2n);
  const pnlUnits = (quantity, cost, mark) => divideRounded(quantity * mark, 10n ** BigInt(SCALE)) - cost;

  // The sum over rows beside which `base` stands; null while one of them is not known.
  function sumUnits(base, values) {
    if (base === null || !values.length || values.some((value) => value === undefined || value === null)) return null;
    return values.reduce((sum, value) => sum + value, base);
  }

  // In percent, in units of 10^-8 percent.
  function changeUnits(value, reference) {
    return reference > 0n ? divideRounded((value - reference) * 100n * 10n ** BigInt(SCALE), reference) : null;
  }

  const directionOf = (units) => (units === null || units === 0n ? "flat" : units > 0n ? "up" : "down");

  function ageText(milliseconds) {
    const seconds = Math.max(0, Math.floor(milliseconds / 1000));
    if (seconds < 60) return `${seconds} s`;
    return seconds < 3600 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
  }

  const numbers = { parseUnits, formatUnits, midUnits, pnlUnits, sumUnits, changeUnits, directionOf, ageText, MISSING };
  (globalThis.tredye ||= {}).numbers = numbers;
})();
