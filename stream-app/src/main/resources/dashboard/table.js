/**
 * The data of a chart as a table under a disclosure. Written only while it is open, at most every two seconds, and not
 * while the reader is in it: rows must not change under a finger or a screen reader's cursor. What had to wait is
 * written afterwards, also where nothing else is new by then.
 */
import { el } from "./dom.js";

const INTERVAL = 2000;

export class DataTable {
  #details;
  #build;
  #last = -Infinity;
  #later = /** @type {ReturnType<typeof setTimeout> | null} */ (null);

  /**
   * @param {HTMLDetailsElement} details
   * @param {() => {caption: string, head: string[], rows: (string | Node)[][]}} build numbers as text; first column: row heading
   */
  constructor(details, build) {
    this.#details = details;
    this.#build = build;
    details.addEventListener("toggle", () => {
      this.#last = -Infinity;
      this.update();
    });
    details.addEventListener("focusout", () => this.#wait());
  }

  update() {
    if (!this.#details.open) return;
    if (performance.now() - this.#last < INTERVAL) {
      this.#wait();
      return;
    }
    if (this.#last !== -Infinity && this.#details.querySelector("table:focus-within, .scroll:focus")) return;
    this.#last = performance.now();
    const { caption, head, rows } = this.#build();
    const table = el("table", {}, [
      el("caption", { text: caption }),
      el("thead", {}, [el("tr", {}, head.map((text) => el("th", { scope: "col", text })))]),
      el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell, i) => el(i === 0 ? "th" : "td", i === 0 ? { scope: "row" } : {}, [cell]))))),
    ]);
    const scroll = this.#details.querySelector(".scroll");
    if (scroll) scroll.replaceChildren(table);
    else this.#details.append(el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, [table]));
  }

  #wait() {
    this.#later ??= setTimeout(() => {
      this.#later = null;
      this.update();
    }, Math.max(0, this.#last + INTERVAL - performance.now()));
  }
}
