/**
 * Eight colours with eight shapes, so that no reading depends on colour alone. Chosen so that any two of them, and the
 * grey of "other", stay apart under simulated protanopia, deuteranopia and tritanopia (Machado et al. 2009, smallest
 * CIELAB distance 14), with at least 3:1 against the panel.
 */
export const SLOTS = 8;

const LIGHT = ["#1f6fb4", "#d9660a", "#009c6b", "#e04fd6", "#342a70", "#85460f", "#005b67", "#8a2fd0"];
const DARK = ["#4e95ea", "#f6a353", "#3fc79a", "#ffc0e4", "#d6e84a", "#b5645c", "#a457ff", "#93800f"];
const OTHER = { light: "#8b939e", dark: "#7d8795" };

/** Names of ECharts symbols; the key of the legend draws the same. */
export const SHAPES = ["circle", "rect", "triangle", "diamond", "path://M0 0H12L6 11Z", "roundRect", "path://M4 0H8V4H12V8H8V12H4V8H0V4H4Z", "path://M2 0H10V12H2Z"];

/** @param {number | undefined} slot undefined: other @param {"light" | "dark"} theme */
export function slotColour(slot, theme) {
  if (slot === undefined) return OTHER[theme];
  return (theme === "dark" ? DARK : LIGHT)[slot];
}

/**
 * Gives features a slot and lets them keep it while they matter, so that colours do not jump with every update.
 */
export class FeatureSlots {
  #slots = /** @type {Map<string, number>} */ (new Map());

  /** @param {string[]} ranked features, most important first */
  update(ranked) {
    const wanted = ranked.slice(0, SLOTS);
    const kept = new Set(ranked.slice(0, SLOTS + 4)); // a little below the cut, a colour is kept while nobody needs it
    for (const feature of [...this.#slots.keys()]) if (!kept.has(feature)) this.#slots.delete(feature);
    for (const feature of wanted) {
      if (this.#slots.has(feature)) continue;
      if (this.#slots.size >= SLOTS) {
        const least = ranked.slice(SLOTS).reverse().find((other) => this.#slots.has(other));
        if (least === undefined) return;
        this.#slots.delete(least);
      }
      const used = new Set(this.#slots.values());
      for (let slot = 0; slot < SLOTS; slot++) {
        if (!used.has(slot)) {
          this.#slots.set(feature, slot);
          break;
        }
      }
    }
  }

  /** @param {string} feature @returns {number | undefined} */
  of(feature) {
    return this.#slots.get(feature);
  }

  /** @returns {[string, number][]} by slot */
  entries() {
    return [...this.#slots].sort((a, b) => a[1] - b[1]);
  }
}
