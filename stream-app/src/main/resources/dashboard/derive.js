/** From what the server sends to what a chart shows. Pure. */

/** @typedef {import("./types.js").Explanation} Explanation */
/** @typedef {import("./types.js").Sample} Sample */
/** @typedef {import("./types.js").Top} Top */

/**
 * @typedef {{label: string, kind: "base" | "feature" | "others" | "residual" | "total", raw: number | null, delta: number,
 *   from: number, to: number}} Step
 */

/**
 * The steps from 0 to the embedding value of one output: the base value where there is one, the `most` largest
 * contributions, the others in one, what is left over (f(x) − base − Σ contributions), and the value itself. The last step but one ends exactly at the value.
 * @param {Explanation} explanation @param {number} output @param {string[]} names D names @returns {Step[]}
 */
export function waterfall(explanation, output, names, most = 12) {
  const contributions = explanation.contributions[output] ?? [];
  const value = explanation.embedding[output];
  const order = contributions.map((_, k) => k).sort((a, b) => Math.abs(contributions[b]) - Math.abs(contributions[a]) || a - b);
  const steps = [];
  let at = baseOf(explanation, output);
  if (explanation.base) steps.push({ label: "base value", kind: "base", raw: null, delta: at, from: 0, to: at });
  for (const k of order.slice(0, most)) {
    steps.push({ label: names[k] ?? `feature ${k}`, kind: "feature", raw: explanation.features[k] ?? null, delta: contributions[k], from: at, to: at + contributions[k] });
    at += contributions[k];
  }
  const rest = order.slice(most);
  if (rest.length > 0) {
    const delta = rest.reduce((sum, k) => sum + contributions[k], 0);
    steps.push({ label: rest.length === 1 ? "1 other" : `${rest.length.toLocaleString("en")} others`, kind: "others", raw: null, delta, from: at, to: at + delta });
    at += delta;
  }
  steps.push({ label: "left over", kind: "residual", raw: null, delta: value - at, from: at, to: value });
  steps.push({ label: "embedding", kind: "total", raw: null, delta: value, from: 0, to: value });
  return steps;
}

/**
 * Cells of an image-shaped input, for a chart whose first row is at the top.
 * @param {number[]} values D values, row-major @param {{rows: number, columns: number}} grid
 * @returns {[number, number, number][]} column, row, value
 */
export function cells(values, grid) {
  return values.slice(0, grid.rows * grid.columns).map((value, k) => [k % grid.columns, Math.floor(k / grid.columns), value]);
}

/** How often each feature is the top one. @param {Iterable<Sample>} samples @returns {[string, number][]} most often first */
export function topFeatureCounts(samples) {
  const counts = new Map();
  for (const sample of samples) counts.set(sample.topFeature, (counts.get(sample.topFeature) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0], "en", { numeric: true }));
}

/** What the contributions to an output start from. @param {{base?: number[]}} explained @param {number} output */
export function baseOf(explained, output) {
  return explained.base?.[output] ?? 0;
}

/**
 * Points of f(x), less its base, against the sum of contributions, newest samples first, at most `most`.
 * @param {Sample[]} samples oldest first
 * @returns {{x: number, y: number, id: string, output: number, exact: boolean, relativeError: number}[]}
 */
export function parity(samples, most = 3000) {
  const points = [];
  for (let i = samples.length - 1; i >= 0; i--) {
    const sample = samples[i];
    for (let output = 0; output < sample.embedding.length; output++) {
      if (points.length >= most) return points;
      points.push({ x: sample.embedding[output] - baseOf(sample, output), y: sample.reconstruction[output], id: sample.id, output, exact: sample.exact, relativeError: sample.relativeError });
    }
  }
  return points;
}

/**
 * Ranks over time of the features that lead now: at most `columns` moments, evenly chosen, the newest always.
 * @param {Top[]} tops oldest first
 * @returns {{times: number[], lines: {feature: string, ranks: (number | null)[]}[]}} rank 1 is the top
 */
export function ranks(tops, most = 8, columns = 60) {
  if (tops.length === 0) return { times: [], lines: [] };
  const step = Math.max(1, Math.ceil(tops.length / columns));
  // Counted from a fixed multiple, not from the newest: otherwise every new moment would move all of them.
  const chosen = tops.filter((top, i) => i === tops.length - 1 || Math.floor(top.to / 2000) % step === 0);
  const places = chosen.map((top) => new Map(top.features.map((feature, i) => [feature.feature, i + 1])));
  const leaders = tops[tops.length - 1].features.slice(0, most).map((feature) => feature.feature);
  return {
    times: chosen.map((top) => top.to),
    lines: leaders.map((feature) => ({ feature, ranks: places.map((place) => place.get(feature) ?? null) })),
  };
}

/**
 * Where a model's version changes along points in time.
 * @param {readonly {time: number, version: string}[]} points oldest first
 * @returns {{time: number, version: string}[]}
 */
export function versionChanges(points) {
  const changes = [];
  for (let i = 1; i < points.length; i++) {
    if (points[i].version !== points[i - 1].version) changes.push({ time: points[i].time, version: points[i].version });
  }
  return changes;
}

/** The growth of counters between two readings; a restart (a counter that fell) counts from 0. */
export function growth(now, before) {
  const keys = Object.keys(now ?? {});
  return Object.fromEntries(keys.map((key) => {
    const earlier = before?.[key] ?? 0;
    return [key, now[key] >= earlier ? now[key] - earlier : now[key]];
  }));
}

/** What the strengths of a ranking are means of: l2, or the reduction of samples without a matrix. @param {Top} top */
export function basis(top) {
  return top.basis ?? "l2";
}

/**
 * The reading of about a minute before the newest; of a younger page the first one; null: there is only one.
 * @template {{time: number}} T @param {T[]} readings oldest first @returns {T | null}
 */
export function minuteAgo(readings) {
  const newest = readings.at(-1);
  const older = readings.filter((reading) => newest.time - reading.time >= 60_000);
  return older.at(-1) ?? (readings.length > 1 ? readings[0] : null);
}

/** The smallest and largest of values that may be missing. @returns {[number, number] | null} */
export function extent(values) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (typeof value !== "number" || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}
