/** What the page knows, in fixed memory: rings per model, alerts, operations, and what the reader has chosen. */
import { episodes, openAlarms } from "./alarms.js";
import { topFeatureCounts } from "./derive.js";
import { ErrorSeries } from "./error-series.js";
import { FeatureSlots } from "./palette.js";
import { Ring } from "./ring.js";

/** How much is kept. Times the size of an item, this is the memory of the page. */
export const LIMITS = { models: 16, samples: 1500, values: 60_000, seconds: 900, windows: 300, tops: 300, alerts: 200, operations: 300 };

/** @typedef {import("./types.js").Sample} Sample */
/** @typedef {import("./types.js").Model} Model */

/** What is kept of one model. */
export class ModelState {
  errors = new ErrorSeries(LIMITS.seconds);
  windows = /** @type {import("./types.js").Window[]} */ ([]);
  tops = /** @type {Ring<import("./types.js").Top>} */ (new Ring(LIMITS.tops));
  slots = new FeatureSlots();
  #samples;
  #newestSample = /** @type {Map<string, true>} */ (new Map());

  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    // Wide embeddings: fewer samples, so that the memory of a model does not grow with its outputs.
    const outputs = Math.max(1, model.outputs?.length ?? 1);
    this.#samples = /** @type {Ring<Sample>} */ (new Ring(Math.max(200, Math.min(LIMITS.samples, Math.floor(LIMITS.values / outputs)))));
  }

  get samples() {
    return this.#samples;
  }

  /** @param {Sample} sample */
  addSample(sample) {
    const key = `${sample.id} ${sample.version}`;
    if (this.#newestSample.has(key)) return;
    this.#newestSample.set(key, true);
    if (this.#newestSample.size > this.#samples.capacity) this.#newestSample.delete(this.#newestSample.keys().next().value);
    this.#samples.push(sample);
  }

  /** A later window with the same version and start replaces the earlier. @param {import("./types.js").Window} window */
  addWindow(window) {
    const i = this.windows.findIndex((known) => known.start === window.start && known.version === window.version);
    if (i >= 0) this.windows[i] = window;
    else this.windows.push(window);
    if (i < 0 && this.windows.length > 1 && this.windows.at(-2).start > window.start) this.windows.sort((a, b) => a.start - b.start);
    if (this.windows.length > LIMITS.windows) this.windows.shift();
  }

  /** Colours go in turn to the features that are most often on top, and to the strongest ones on average. */
  updateSlots() {
    const often = topFeatureCounts(this.#samples.toArray()).map(([feature]) => feature);
    const strong = (this.tops.at(-1)?.features ?? []).map(({ feature }) => feature);
    this.slots.update(inTurn(often, strong));
  }
}

/**
 * @typedef {"models" | "samples" | "errors" | "windows" | "top" | "alerts" | "operations" | "choice" | "history" |
 *   "connection"} Topic
 */
export class Store {
  operations = new Ring(LIMITS.operations);
  alerts = /** @type {Ring<import("./types.js").Alert>} */ (new Ring(LIMITS.alerts));
  connection = /** @type {import("./types.js").Connection} */ ({ kind: "connecting", since: 0, attempt: 0 });
  /** Whether what happened before this page was opened has been read. */
  history = /** @type {{state: "loading" | "ready" | "error", message: string}} */ ({ state: "loading", message: "" });
  #models = /** @type {Map<string, ModelState>} */ (new Map());
  #chosen = /** @type {string | null} */ (null);
  #choice = { output: 0, x: 0, y: 1 };
  #listeners = /** @type {Map<Topic, Set<() => void>>} */ (new Map());

  /** @param {Topic[]} topics @param {() => void} listener */
  on(topics, listener) {
    for (const topic of topics) {
      if (!this.#listeners.has(topic)) this.#listeners.set(topic, new Set());
      this.#listeners.get(topic).add(listener);
    }
  }

  /** @returns {Model[]} */
  get models() {
    return [...this.#models.values()].map((state) => state.model);
  }

  /** @returns {ModelState | null} what is kept of the chosen model */
  get current() {
    return this.#models.get(this.#chosen) ?? null;
  }

  get choice() {
    return this.#choice;
  }

  get openAlarms() {
    return openAlarms(this.alerts.toArray());
  }

  get episodes() {
    return episodes(this.alerts.toArray());
  }

  /** @param {Model[]} models */
  setModels(models) {
    for (const model of Array.isArray(models) ? models.slice(0, LIMITS.models) : []) {
      const known = this.#models.get(model.name);
      if (known && sameShape(known.model, model)) known.model = model;
      else this.#models.set(model.name, new ModelState(model));
    }
    if (!this.#models.has(this.#chosen)) this.chooseModel(this.#models.keys().next().value ?? null);
    this.#tell("models");
  }

  /** @param {string | null} name */
  chooseModel(name) {
    if (name === this.#chosen || (name !== null && !this.#models.has(name))) return;
    this.#chosen = name;
    const outputs = this.current?.model.outputs.length ?? 0;
    this.#choice = { output: 0, x: 0, y: Math.min(1, Math.max(0, outputs - 1)) };
    this.#tell("models");
    this.#tell("choice");
  }

  /** @param {Partial<{output: number, x: number, y: number}>} choice */
  choose(choice) {
    this.#choice = { ...this.#choice, ...choice };
    this.#tell("choice");
  }

  /** @param {Sample[]} samples oldest first */
  addSamples(samples) {
    for (const sample of list(samples)) this.#models.get(sample.model)?.addSample(sample);
    for (const state of this.#models.values()) state.updateSlots();
    this.#tell("samples");
  }

  /** @param {import("./types.js").Batch[]} batches */
  addBatches(batches) {
    for (const batch of list(batches)) this.#models.get(batch.model)?.errors.add(batch);
    this.#tell("errors");
  }

  /** The batches of the past replace what is known of the same time. @param {import("./types.js").Batch[]} batches */
  replaceBatches(batches) {
    const oldest = new Map();
    for (const batch of list(batches)) oldest.set(batch.model, Math.min(batch.time, oldest.get(batch.model) ?? Infinity));
    for (const [model, time] of oldest) this.#models.get(model)?.errors.forgetFrom(time);
    this.addBatches(batches);
  }

  /** @param {import("./types.js").Window[]} windows */
  addWindows(windows) {
    for (const window of list(windows)) this.#models.get(window.model)?.addWindow(window);
    this.#tell("windows");
  }

  /** @param {import("./types.js").Top | import("./types.js").Top[]} tops */
  addTop(tops) {
    for (const top of list(tops)) {
      if (top && Array.isArray(top.features) && top.features.length > 0) this.#models.get(top.model)?.tops.push(top);
    }
    this.#tell("top");
  }

  /** @param {import("./types.js").Alert[]} alerts oldest first */
  addAlerts(alerts) {
    const known = new Set(this.alerts.toArray().map(alertKey));
    let changed = false;
    for (const alert of list(alerts)) {
      const key = alertKey(alert);
      if (known.has(key)) continue;
      known.add(key);
      this.alerts.push(alert);
      changed = true;
    }
    if (changed) this.#tell("alerts");
  }

  /** @param {import("./types.js").Operations} operations */
  addOperations(operations, now = Date.now()) {
    if (!operations || typeof operations !== "object") return;
    this.operations.push({ ...operations, time: now });
    this.#tell("operations");
  }

  /** @param {"loading" | "ready" | "error"} state */
  setHistory(state, message = "") {
    this.history = { state, message };
    this.#tell("history");
  }

  /** @param {import("./types.js").Connection} connection */
  setConnection(connection) {
    this.connection = connection;
    this.#tell("connection");
  }

  #tell(topic) {
    for (const listener of this.#listeners.get(topic) ?? []) listener();
  }
}

function alertKey(alert) {
  return JSON.stringify([alert.id, alert.model, alert.kind, alert.state, alert.at]);
}

/** The first of each, the second of each, and so on; every name once. */
function inTurn(one, other) {
  const names = new Set();
  for (let i = 0; i < Math.max(one.length, other.length); i++) {
    if (i < one.length) names.add(one[i]);
    if (i < other.length) names.add(other[i]);
  }
  return [...names];
}

function list(value) {
  if (Array.isArray(value)) return value;
  return value === null || value === undefined ? [] : [value];
}

/** Whether samples of the one can be shown with the names of the other. */
function sameShape(a, b) {
  return a.features.length === b.features.length && a.outputs.length === b.outputs.length
    && a.features.every((name, i) => name === b.features[i]);
}
