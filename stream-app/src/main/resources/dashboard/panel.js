/**
 * A panel of the page: heading and sentence stand in the HTML; here are its states, its reading (the text alternative
 * of its chart) and its table.
 */
import { el, setText } from "./dom.js";

export class Panel {
  #root;
  #message;
  #reading;
  #box;

  /** @param {HTMLElement} root section with .chart, .message and .reading, each optional */
  constructor(root) {
    this.#root = root;
    this.#message = root.querySelector(".message");
    this.#reading = root.querySelector(".reading");
    this.#box = root.querySelector(".chart");
  }

  /** @returns {HTMLElement} */
  get root() {
    return this.#root;
  }

  /** @param {string} selector @returns {HTMLElement} */
  part(selector) {
    const part = this.#root.querySelector(selector);
    if (!part) throw new Error(`#${this.#root.id} has no ${selector}`);
    return part;
  }

  ready() {
    this.#root.dataset.state = "ready";
    if (this.#message) this.#message.replaceChildren();
  }

  /**
   * Nothing to show, and why: still loading, failed, or there is none yet.
   * @param {{state: "loading" | "ready" | "error", message: string}} history @param {string} empty
   * @param {() => void} [retry]
   */
  nothing(history, empty, retry) {
    const state = history.state === "ready" ? "empty" : history.state;
    const text = { loading: "Loading\u2026", error: history.message, empty }[state];
    this.#root.dataset.state = state;
    setText(this.#reading ?? el("p"), "");
    if (!this.#message || this.#message.textContent.startsWith(text)) return;
    const again = state === "error" && retry ? el("button", { type: "button", text: "Try again", onclick: retry }) : null;
    this.#message.replaceChildren(el("span", { text }), ...(again ? [again] : []));
  }

  /** What the chart says, in words. @param {string} text */
  read(text) {
    if (this.#reading) setText(this.#reading, text);
    if (this.#box) this.#box.setAttribute("aria-label", text);
  }
}
