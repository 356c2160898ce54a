import assert from "node:assert/strict";
import { test } from "node:test";
import { LIMITS, Store } from "../../main/resources/dashboard/store.js";

function model(name = "digits", outputs = 2) {
  return { name, version: "1", features: ["a", "b"], outputs: Array.from({ length: outputs }, (_, i) => `z${i}`), tolerance: 1e-4, roundingFloor: 1e-6 };
}

function sample(i, more = {}) {
  return { id: `features-0@${i}`, model: "digits", version: "1", time: i, embedding: [1, 2], reconstruction: [1, 2], topFeature: "a", top: [], relativeError: 0, exact: true, ...more };
}

function store(...models) {
  const made = new Store();
  made.setModels(models.length > 0 ? models : [model()]);
  return made;
}

test("memoryStaysFlatWhateverComes", () => {
  const state = store();
  for (let second = 0; second < 2000; second++) {
    state.addSamples(Array.from({ length: 10 }, (_, i) => sample(second * 10 + i)));
    state.addBatches([{ model: "digits", version: "1", time: second * 1000, count: 1, relativeError: 0, worstRelativeError: 0, worst: null, exact: true }]);
    state.addWindows([{ model: "digits", version: "1", start: second * 1000 }]);
    state.addTop({ model: "digits", version: "1", rows: 1, from: 0, to: second, features: [{ feature: "a" }] });
    state.addAlerts([{ id: String(second), model: "digits", kind: "attribution", state: "open", since: second, at: second }]);
    state.addOperations({ recordsPerSecond: 1 }, second);
  }
  const { samples, errors, windows, tops } = state.current;
  assert.deepEqual(
    [samples.length, errors.length, windows.length, tops.length, state.alerts.length, state.operations.length],
    [LIMITS.samples, LIMITS.seconds, LIMITS.windows, LIMITS.tops, LIMITS.alerts, LIMITS.operations],
  );
  assert.equal(samples.at(-1).id, "features-0@19999");
});

test("wideEmbeddingsKeepFewerSamples", () => {
  assert.ok(store(model("wide", 512)).current.samples.capacity < LIMITS.samples);
});

test("theSameSampleIsKeptOnce", () => {
  const state = store();
  state.addSamples([sample(1), sample(2)]);
  state.addSamples([sample(2), sample(3)]);
  assert.deepEqual(state.current.samples.toArray().map(({ time }) => time), [1, 2, 3]);
});

test("aHistoryReadTwiceCountsOnce", () => {
  const state = store();
  const history = [1000, 2000, 2500].map((time) => ({ model: "digits", version: "1", time, count: 5, relativeError: 1e-6, worstRelativeError: 1e-6, worst: null, exact: true }));
  state.replaceBatches(history);
  state.replaceBatches(history);
  assert.deepEqual(state.current.errors.points.map(({ count }) => count), [5, 10]);
});

test("aLaterWindowReplacesTheEarlier", () => {
  const state = store();
  state.addWindows([{ model: "digits", version: "1", start: 0, count: 1 }, { model: "digits", version: "1", start: 60, count: 1 }]);
  state.addWindows([{ model: "digits", version: "1", start: 0, count: 9 }]);
  assert.deepEqual(state.current.windows.map(({ start, count }) => [start, count]), [[0, 9], [60, 1]]);
});

test("dataOfUnknownModelsIsLeftOut", () => {
  const state = store();
  state.addSamples([sample(1, { model: "other" })]);
  state.addTop({ model: "other", features: [{ feature: "a" }] });
  state.addSamples(null);
  assert.equal(state.current.samples.length, 0);
});

test("choosingAModelResetsTheOutput", () => {
  const state = store(model(), model("wide", 8), model("flat", 1));
  state.chooseModel("wide");
  state.choose({ output: 5, x: 3 });
  state.chooseModel("digits");
  assert.deepEqual(state.choice, { output: 0, x: 0, y: 1 });
  state.chooseModel("flat");
  assert.deepEqual(state.choice, { output: 0, x: 0, y: 0 });
  state.chooseModel("unknown");
  assert.equal(state.current.model.name, "flat");
});

test("aModelWithOtherFeaturesStartsAnew", () => {
  const state = store();
  state.addSamples([sample(1)]);
  state.setModels([{ ...model(), version: "2" }]);
  assert.equal(state.current.samples.length, 1);
  state.setModels([{ ...model(), features: ["a", "c"] }]);
  assert.equal(state.current.samples.length, 0);
});

test("alertsThatComeAgainAreNoNews", () => {
  const state = store();
  let told = 0;
  state.on(["alerts"], () => told++);
  const alert = { id: "1", model: "digits", kind: "attribution", state: "open", since: 1, at: 1 };
  state.addAlerts([alert]);
  state.addAlerts([{ ...alert }]);
  assert.equal(told, 1);
  assert.equal(state.openAlarms.length, 1);
});
