/**
 * The one record that is explained in full: the reader's choice, or the newest while "follow live" is on. Only one
 * request is under way; while following, the next waits at least as long as twice the last one took, so that wide
 * models do not keep the server busy.
 */
import { ApiError, explanation } from "./api.js";

const FOLLOW = 2000;

export class CurrentRecord {
  state = /** @type {"none" | "loading" | "ready" | "error"} */ ("none");
  id = /** @type {string | null} */ (null);
  explanation = /** @type {import("./types.js").Explanation | null} */ (null);
  error = "";
  follow = true;
  #store;
  #listeners = [];
  #abort = /** @type {AbortController | null} */ (null);
  #next = 0;

  /** @param {import("./store.js").Store} store */
  constructor(store) {
    this.#store = store;
    store.on(["samples", "history"], () => this.#followNewest());
    store.on(["models"], () => this.#modelChanged());
  }

  /** @param {() => void} listener */
  on(listener) {
    this.#listeners.push(listener);
  }

  /** @param {string} id the reader's choice: following ends */
  open(id) {
    this.follow = false;
    this.#load(id);
  }

  /** @param {boolean} follow */
  setFollow(follow) {
    this.follow = follow;
    this.#next = 0;
    this.#tell();
    this.#followNewest();
  }

  retry() {
    if (this.id !== null) this.#load(this.id);
  }

  #followNewest() {
    if (!this.follow || document.hidden || this.#abort || performance.now() < this.#next) return;
    const newest = this.#store.current?.samples.at(-1);
    if (newest && newest.id !== this.id) this.#load(newest.id);
  }

  #modelChanged() {
    const model = this.#store.current?.model;
    if (!model || !this.explanation || this.explanation.model === model.name) return;
    this.#abort?.abort();
    this.#abort = null;
    this.id = null;
    this.explanation = null;
    this.state = "none";
    this.#next = 0;
    this.follow = true;
    this.#tell();
    this.#followNewest();
  }

  async #load(id) {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.id = id;
    if (!this.follow || this.explanation === null) this.state = "loading";
    this.#tell();
    const began = performance.now();
    try {
      const found = await explanation(id, abort.signal);
      if (abort !== this.#abort) return;
      this.explanation = found;
      this.state = "ready";
      // An alert may name a record of another model.
      if (found.model !== this.#store.current?.model.name) this.#store.chooseModel(found.model);
    } catch (error) {
      if (abort !== this.#abort) return;
      // While following, one record that is gone is no news: the next one follows.
      if (this.follow && this.explanation !== null) this.state = "ready";
      else {
        this.state = "error";
        this.error = error instanceof ApiError ? error.message : "The record could not be shown.";
        this.explanation = null;
      }
    }
    this.#abort = null;
    this.#next = performance.now() + Math.max(FOLLOW, 2 * (performance.now() - began));
    this.#tell();
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }
}
