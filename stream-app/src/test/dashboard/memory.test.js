import assert from "node:assert/strict";
import { test } from "node:test";
import { ErrorSeries } from "../../main/resources/dashboard/error-series.js";
import { Ring } from "../../main/resources/dashboard/ring.js";

test("aRingKeepsTheNewestInOrder", () => {
  for (let pushed = 0; pushed < 12; pushed++) {
    const ring = new Ring(5);
    for (let i = 0; i < pushed; i++) ring.push(i);
    const expected = Array.from({ length: pushed }, (_, i) => i).slice(-5);
    assert.deepEqual(ring.toArray(), expected);
    assert.equal(ring.length, expected.length);
    assert.equal(ring.at(-1), expected.at(-1));
    assert.equal(ring.at(0), expected[0]);
    assert.equal(ring.at(5), undefined);
    assert.equal(ring.at(-6), undefined);
  }
});

test("aRingNeedsRoom", () => {
  assert.throws(() => new Ring(0), RangeError);
});

function batch(time, more = {}) {
  return { model: "m", version: "1", time, count: 10, relativeError: 1e-6, worstRelativeError: 2e-6, worst: "f-0@1", exact: true, ...more };
}

test("aSecondKeepsItsWorst", () => {
  const series = new ErrorSeries();
  series.add(batch(1000));
  series.add(batch(1900, { relativeError: 1e-2, worstRelativeError: 3e-2, worst: "f-0@7", exact: false }));
  series.add(batch(1500));
  assert.equal(series.length, 1);
  assert.deepEqual(series.points[0], { time: 1000, relativeError: 1e-2, worstRelativeError: 3e-2, worst: "f-0@7", count: 30, batches: 3, version: "1", exact: false });
});

test("lateBatchesFindTheirPlace", () => {
  const series = new ErrorSeries();
  for (const time of [5000, 1000, 3000, 2000, 4000]) series.add(batch(time));
  assert.deepEqual(series.points.map((point) => point.time), [1000, 2000, 3000, 4000, 5000]);
});

test("versionsAreKeptApart", () => {
  const series = new ErrorSeries();
  series.add(batch(1000));
  series.add(batch(1100, { version: "2" }));
  assert.deepEqual(series.points.map((point) => point.version), ["1", "2"]);
});

test("theSeriesIsBoundedAndDropsTheOldest", () => {
  const series = new ErrorSeries(3);
  for (let s = 0; s < 10; s++) series.add(batch(s * 1000));
  series.add(batch(0));
  assert.deepEqual(series.points.map((point) => point.time), [7000, 8000, 9000]);
});

test("aHistoryReplacesWhatItCovers", () => {
  const series = new ErrorSeries();
  for (let s = 0; s < 5; s++) series.add(batch(s * 1000));
  series.forgetFrom(3400);
  assert.deepEqual(series.points.map((point) => point.time), [0, 1000, 2000]);
});
