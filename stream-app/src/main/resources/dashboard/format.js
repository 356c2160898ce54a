/** Numbers, times and names as text. Pure; the locale is fixed, so that what is read out matches the documents. */

const MINUS = "\u2212";
/** What stands for a value that is not there. */
export const NONE = "\u2013";

const SUPERSCRIPTS = { "-": "\u207b", 0: "\u2070", 1: "\u00b9", 2: "\u00b2", 3: "\u00b3", 4: "\u2074", 5: "\u2075", 6: "\u2076", 7: "\u2077", 8: "\u2078", 9: "\u2079" };
const WHOLE = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

/** @param {unknown} x @returns {x is number} */
export function isNumber(x) {
  return typeof x === "number" && Number.isFinite(x);
}

/** A number with so many significant digits; an exponent only where zeros would hide them. @param {unknown} x */
export function number(x, digits = 3) {
  if (!isNumber(x)) return NONE;
  if (x === 0) return "0";
  const size = Math.abs(x);
  if (size < 1e-3 || size >= 1e7) return scientific(x, digits);
  const rounded = size >= 10 ** digits ? Math.round(x) : Number(x.toPrecision(digits));
  const whole = Math.floor(Math.log10(Math.abs(rounded))) + 1;
  const decimals = Math.max(0, digits - whole);
  return withMinus(new Intl.NumberFormat("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(rounded));
}

/** The same with a sign always there: contributions. @param {unknown} x */
export function signed(x, digits = 3) {
  return isNumber(x) && x > 0 ? `+${number(x, digits)}` : number(x, digits);
}

/** 5.5e-7, as the documents write it. @param {unknown} x */
export function scientific(x, digits = 2) {
  if (!isNumber(x)) return NONE;
  if (x === 0) return "0";
  return withMinus(x.toExponential(digits - 1).replace("e+", "e"));
}

/** A raw feature value: as sent, up to four significant digits, without padding zeros. @param {unknown} x */
export function raw(x) {
  if (!isNumber(x)) return NONE;
  const size = Math.abs(x);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) return scientific(x, 3);
  return withMinus(String(Number(x.toPrecision(size >= 1000 ? 6 : 4))));
}

/** A power of ten for an axis: 10⁻⁶. @param {number} exponent */
export function power(exponent) {
  return `10${[...String(exponent)].map((c) => SUPERSCRIPTS[c] ?? c).join("")}`;
}

/** A count with separators. @param {unknown} n */
export function count(n) {
  return isNumber(n) ? withMinus(WHOLE.format(n)) : NONE;
}

/** "1 record", "1,284 records". @param {unknown} n @param {string} noun */
export function counted(n, noun, plural = `${noun}s`) {
  return `${count(n)} ${n === 1 ? noun : plural}`;
}

/** Bytes with a binary unit. @param {unknown} n */
export function bytes(n) {
  if (!isNumber(n)) return NONE;
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let size = n;
  let unit = 0;
  while (Math.abs(size) >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${size >= 100 || unit === 0 ? WHOLE.format(size) : size.toPrecision(3)} ${units[unit]}`;
}

/** A rate per second, without unit: 3 digits below 1,000, whole above. @param {unknown} x */
export function rate(x) {
  if (!isNumber(x)) return NONE;
  return x >= 100 ? WHOLE.format(x) : number(x, x < 10 ? 2 : 3);
}

/** Milliseconds as ms, or s from one second on. @param {unknown} ms */
export function duration(ms) {
  if (!isNumber(ms)) return NONE;
  if (ms >= 1000) return `${number(ms / 1000, 3)} s`;
  return `${ms < 0.01 ? "<0.01" : number(ms, ms < 1 ? 2 : 3)} ms`;
}

/** A share as per cent. @param {unknown} x 0 to 1 */
export function percent(x) {
  if (!isNumber(x)) return NONE;
  if (x > 0 && x < 0.01) return "<1 %";
  return `${Math.round(x * 100)} %`;
}

/** The time of day, in the reader's zone; with the day where it is not today's. @param {unknown} ms */
export function clock(ms, now = Date.now()) {
  if (!isNumber(ms)) return NONE;
  const date = new Date(ms);
  return (Math.abs(now - ms) < 12 * 3600e3 ? TIME : DAY).format(date);
}

/** How long ago, in the largest unit that fits. @param {unknown} ms */
export function ago(ms, now = Date.now()) {
  return isNumber(ms) ? `${span(now - ms)} ago` : NONE;
}

/** A length of time in its largest unit: 42 s, 7 min, 3 h, 2 d. @param {number} ms */
export function span(ms) {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 120) return `${s} s`;
  if (s < 7200) return `${Math.round(s / 60)} min`;
  if (s < 172800) return `${Math.round(s / 3600)} h`;
  return `${Math.round(s / 86400)} d`;
}

/** A label such as bias_present as words. @param {string} label */
export function words(label) {
  return String(label).replaceAll("_", " ");
}

/** A name cut in its middle: names of features differ at both ends. @param {string} name */
export function shorten(name, most = 24) {
  const text = String(name);
  if (text.length <= most) return text;
  const head = Math.ceil((most - 1) / 2);
  return `${text.slice(0, head)}\u2026${text.slice(text.length - (most - 1 - head))}`;
}

/**
 * Labels for names that stand together, at most so many characters. What all of them share at both ends goes first:
 * the middle of last_5_days.mean is what tells it from last_7_days.mean.
 * @param {string[]} names @returns {(name: string) => string}
 */
export function labels(names, most = 24) {
  const head = shared(names);
  const tail = shared(names.map((name) => [...name].reverse().join("")));
  return (name) => {
    const text = String(name);
    if (text.length <= most || head + tail >= text.length) return shorten(text, most);
    const spare = Math.max(0, most - 2 - (text.length - head - tail));
    const after = Math.min(tail, Math.floor(spare / 2));
    const from = head - Math.min(head, spare - after);
    const to = text.length - tail + after;
    return `${from > 0 ? "\u2026" : ""}${shorten(text.slice(from, to), Math.max(4, most - 2))}${to < text.length ? "\u2026" : ""}`;
  };
}

/** How many characters all names begin with, back to the last separator. */
function shared(names) {
  if (new Set(names).size < 2) return 0;
  let n = 0;
  while (n < names[0].length && names.every((name) => name[n] === names[0][n])) n++;
  while (n > 0 && !/[._\-/ ]/.test(names[0][n - 1])) n--;
  return n;
}

/** log10 with a floor, for errors that are exactly 0. @param {number} x */
export function log10(x, floor = 1e-9) {
  return Math.log10(Math.max(x, floor));
}

function withMinus(text) {
  return text.replaceAll("-", MINUS).replace(`e${MINUS}`, "e-"); // an exponent can be pasted into code
}
