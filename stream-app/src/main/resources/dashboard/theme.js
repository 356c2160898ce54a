/** Light, dark, or as the system says; the choice is remembered. Colours for charts come from the style sheet. */

const KEY = "attribution.theme";
const ORDER = ["auto", "light", "dark"];
const VARIABLES = ["ink", "muted", "line", "panel", "accent", "critical", "drift", "ok", "positive", "negative", "neutral", "track", "band"];
const dark = matchMedia("(prefers-color-scheme: dark)");
const listeners = [];
let cached = null;

function stored() {
  try {
    return ORDER.includes(localStorage.getItem(KEY)) ? localStorage.getItem(KEY) : "auto";
  } catch {
    return "auto"; // storage may be forbidden
  }
}

let chosen = stored();

/** @returns {"light" | "dark"} */
export function theme() {
  if (chosen === "auto") return dark.matches ? "dark" : "light";
  return /** @type {"light" | "dark"} */ (chosen);
}

/** @returns {Record<string, string>} colours by the name of their variable, and `theme` */
export function colours() {
  if (!cached) {
    const style = getComputedStyle(document.documentElement);
    cached = Object.fromEntries(VARIABLES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
    cached.font = style.getPropertyValue("--font").trim();
    cached.theme = theme();
  }
  return cached;
}

/** @param {() => void} listener called when colours change */
export function onTheme(listener) {
  listeners.push(listener);
}

/** @param {HTMLButtonElement} button goes round auto, light, dark */
export function themeToggle(button) {
  const show = () => {
    button.textContent = `Theme: ${chosen}`;
    document.documentElement.dataset.theme = theme();
    cached = null;
    for (const listener of listeners) listener();
  };
  button.addEventListener("click", () => {
    chosen = ORDER[(ORDER.indexOf(chosen) + 1) % ORDER.length];
    try {
      localStorage.setItem(KEY, chosen);
    } catch {
      // not remembered, then
    }
    show();
  });
  dark.addEventListener("change", show);
  show();
}
