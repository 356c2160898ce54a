/**
 * The newest `capacity` items, oldest first. Memory is fixed: an old item goes when a new one comes.
 * @template T
 */
export class Ring {
  #items = [];
  #oldest = 0;
  #capacity;

  /** @param {number} capacity */
  constructor(capacity) {
    if (!(capacity >= 1)) throw new RangeError(`capacity must be at least 1, not ${capacity}`);
    this.#capacity = capacity;
  }

  get length() {
    return this.#items.length;
  }

  get capacity() {
    return this.#capacity;
  }

  /** @param {T} item */
  push(item) {
    if (this.#items.length < this.#capacity) {
      this.#items.push(item);
      return;
    }
    this.#items[this.#oldest] = item;
    this.#oldest = (this.#oldest + 1) % this.#capacity;
  }

  /** @param {number} i 0 is the oldest; negative counts from the newest @returns {T | undefined} */
  at(i) {
    const n = this.#items.length;
    const k = i < 0 ? n + i : i;
    return k < 0 || k >= n ? undefined : this.#items[(this.#oldest + k) % n];
  }

  /** @returns {T[]} oldest first; a copy */
  toArray() {
    return [...this.#items.slice(this.#oldest), ...this.#items.slice(0, this.#oldest)];
  }

  clear() {
    this.#items = [];
    this.#oldest = 0;
  }
}
