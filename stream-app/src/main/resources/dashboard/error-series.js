/**
 * Batches summarised by second, so that a fast stream still shows a quarter of an hour in fixed memory. A point keeps
 * the largest errors of its second: what an alarm is about is never averaged away.
 *
 * @typedef {{time: number, relativeError: number, worstRelativeError: number, worst: string | null, count: number,
 *   batches: number, version: string, exact: boolean}} ErrorPoint
 */
export class ErrorSeries {
  #points = /** @type {ErrorPoint[]} */ ([]);
  #capacity;
  #width;

  /** @param {number} capacity points kept @param {number} width milliseconds per point */
  constructor(capacity = 900, width = 1000) {
    this.#capacity = capacity;
    this.#width = width;
  }

  get length() {
    return this.#points.length;
  }

  /** @returns {readonly ErrorPoint[]} oldest first */
  get points() {
    return this.#points;
  }

  /** @param {import("./types.js").Batch} batch */
  add(batch) {
    const second = Math.floor(batch.time / this.#width) * this.#width;
    let i = this.#points.length;
    while (i > 0 && this.#points[i - 1].time > second) i--;
    const same = this.#points[i - 1];
    if (same && same.time === second && same.version === batch.version) {
      merge(same, batch);
      return;
    }
    if (i === 0 && this.#points.length >= this.#capacity) return; // older than all that is kept
    this.#points.splice(i, 0, {
      time: second,
      relativeError: batch.relativeError,
      worstRelativeError: batch.worstRelativeError,
      worst: batch.worst,
      count: batch.count,
      batches: 1,
      version: batch.version,
      exact: batch.exact,
    });
    if (this.#points.length > this.#capacity) this.#points.shift();
  }

  /** Forgets the points from this time on: a history that is read again replaces them. @param {number} time */
  forgetFrom(time) {
    const second = Math.floor(time / this.#width) * this.#width;
    this.#points = this.#points.filter((point) => point.time < second);
  }
}

/** @param {ErrorPoint} point @param {import("./types.js").Batch} batch */
function merge(point, batch) {
  point.relativeError = Math.max(point.relativeError, batch.relativeError);
  if (batch.worstRelativeError > point.worstRelativeError) {
    point.worstRelativeError = batch.worstRelativeError;
    point.worst = batch.worst;
  }
  point.count += batch.count;
  point.batches++;
  point.exact &&= batch.exact;
}
