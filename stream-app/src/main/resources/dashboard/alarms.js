/** What alerts mean: which are open, and what to say about them. Pure. */
import { words } from "./format.js";

/** @typedef {import("./types.js").Alert} Alert */

/**
 * One entry per episode: the newest event of the same bundle, kind and beginning stands for it.
 * @param {Iterable<Alert>} alerts @returns {Alert[]} newest beginning first
 */
export function episodes(alerts) {
  const newest = new Map();
  for (const alert of alerts) {
    const key = JSON.stringify([alert.model, alert.bundle, alert.kind, alert.since]);
    const known = newest.get(key);
    if (!known || alert.at >= known.at) newest.set(key, alert);
  }
  return [...newest.values()].sort((a, b) => b.since - a.since || b.at - a.at);
}

/**
 * The alarms that are open now: one per bundle and kind, because the newest event decides. The end of an old bundle's
 * alarm is not that of the new one's.
 * @param {Iterable<Alert>} alerts @returns {Alert[]} linearity first, then newest first
 */
export function openAlarms(alerts) {
  const newest = new Map();
  for (const alert of alerts) {
    const key = JSON.stringify([alert.model, alert.bundle, alert.kind]);
    const known = newest.get(key);
    if (!known || alert.at >= known.at) newest.set(key, alert);
  }
  return [...newest.values()]
    .filter((alert) => alert.state === "open")
    .sort((a, b) => rank(a) - rank(b) || b.since - a.since);
}

const KINDS = {
  linearity_error: {
    short: "Linearity",
    title: "Linearity alarm: explanations no longer add up",
    meaning: "The deployed encoder breaks what its method promises: base plus contributions is no longer the embedding. This is a broken deployment, not a change of the data.",
    action: "Do not rely on this version\u2019s contributions. Run \u201cattribution bundle validate\u201d on the bundle; roll back or export it again.",
  },
  attribution: {
    short: "Attribution drift",
    title: "Attribution drift: other features move the embedding than before",
    meaning: "Explanations still add up and can be trusted. The data, or how the encoder uses it, has changed.",
    action: "Compare the features named here with their source since the time given. If the change is wanted, retrain or accept it as the new reference.",
  },
  input: {
    short: "Input drift",
    title: "Input drift: feature values are distributed differently than before",
    meaning: "Explanations still add up. The incoming data has changed.",
    action: "Check the producers of the features named here: units, missing values, a new population.",
  },
};

/** @param {string} kind */
export function describeKind(kind) {
  return KINDS[kind] ?? { short: words(kind), title: `Alert: ${words(kind)}`, meaning: "", action: "Read the message and the metrics of this model." };
}

const CAUSES = {
  bias_present: "the encoder adds a constant (a bias) that no feature accounts for. Export it with bias=False.",
  mean_not_subtracted:
    "the mean is subtracted inside the encoder, or not at all. Give it to the bundle's preprocessing instead.",
  variance_not_detached:
    "a LayerNorm whose variance is not detached: its Jacobian is the gradient, not the equivalent linear map.",
  saturating_activation: "an activation that saturates (tanh, sigmoid). Its contributions cannot add up.",
  low_precision: "the encoder computes in half precision. Export it in float32.",
  engines_disagree: "the compiled layers engine disagreed with its layers one by one and was switched off.",
};

/** @param {string | null} cause @returns {string | null} what the probable cause is, in words */
export function describeCause(cause) {
  if (!cause) return null;
  return CAUSES[cause] ?? `${words(cause)}.`;
}

function rank(alert) {
  if (alert.kind === "linearity_error") return 0;
  return alert.kind === "attribution" ? 1 : 2;
}
