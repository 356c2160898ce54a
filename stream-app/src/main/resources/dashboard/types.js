/**
 * The shapes of what the server sends. Nothing runs here; the names serve JSDoc in the other modules.
 * Times are epoch milliseconds. O is the number of outputs, D the number of raw features.
 *
 * @typedef {{name: string, version: string, bundle: string, engine: string, method: string, exact: boolean, tolerance: number,
 *   roundingFloor: number, features: string[], outputs: string[], grid: {rows: number, columns: number} | null,
 *   reduction: string}} Model
 *
 * @typedef {{id: string, model: string, version: string, time: number, recordId: string | null,
 *   embedding: number[], reconstruction: number[], method: string, base?: number[], topFeature: string,
 *   top: {feature: string, index: number, value: number}[], relativeError: number, exact: boolean}} Sample
 *
 * @typedef {{model: string, version: string, time: number, count: number, relativeError: number,
 *   worstRelativeError: number, worst: string | null, exact: boolean}} Batch
 *
 * @typedef {{model: string, version: string, start: number, end: number, count: number, relativeError: number,
 *   maxError: number, meanError: number, zMin: number, zMax: number, reconstructionMin: number,
 *   reconstructionMax: number, exact: number, inexact: number}} Window
 *
 * @typedef {{id: string, model: string, version: string, bundle: string,
 *   kind: "linearity_error" | "attribution" | "input", state: "open" | "resolved",
 *   severity: "warning" | "critical", since: number, at: number, detector: string, statistic: number,
 *   threshold: number, probableCause: string | null,
 *   worst: {topic: string, partition: number, offset: number, id: string} | null,
 *   features: {feature: string, statistic: number, what: string}[], message: string}} Alert
 *
 * @typedef {{id: string, model: string, version: string, time: number, recordId: string | null,
 *   embedding: number[], reconstruction: number[], features: number[], contributions: number[][],
 *   method: string, base?: number[], nodes?: number, standardError?: number,
 *   reduced: number[], reduction: string, relativeError: number, tolerance: number, exact: boolean}} Explanation
 *
 * @typedef {{feature: string, index: number, l2: number, normalized: number, signed: number[] | null}} TopFeature
 *
 * @typedef {{model: string, version: string, basis?: string, rows: number, from: number, to: number, features: TopFeature[]}} Top
 *
 * @typedef {{state: string, recordsPerSecond: number, lag: number | null, batchSize: {mean: number, max: number},
 *   drains: {full: number, bytes: number, linger: number},
 *   stageMillis: {decode: number, explain: number, forward: number}, deadLetters: Record<string, number>,
 *   explained: number, heapUsedBytes: number, residentBytes: number,
 *   openAlerts: Record<string, number>, lastCommit: number | null, brokersAnswered: number | null,
 *   registryAnswered: number | null, problems: string[]}} Operations
 *
 * @typedef {{kind: "connecting" | "connected" | "reconnecting" | "stale", since: number, attempt: number}} Connection
 */
export {};
