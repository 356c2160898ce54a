import assert from "node:assert/strict";
import { test } from "node:test";
import { basis, cells, extent, growth, minuteAgo, parity, ranks, topFeatureCounts, versionChanges, waterfall } from "../../main/resources/dashboard/derive.js";

function explanation(contributions, embedding) {
  return { contributions: [contributions], embedding: [embedding], features: contributions.map((_, k) => k * 10) };
}

test("theWaterfallEndsExactlyAtTheEmbedding", () => {
  let seed = 7;
  const random = () => ((seed = (seed * 48271) % 2147483647) / 2147483647) * 2 - 1;
  for (let run = 0; run < 200; run++) {
    const values = Array.from({ length: 1 + (run % 40) }, random);
    const value = values.reduce((a, b) => a + b, 0) + random() * (run % 3 === 0 ? 0.1 : 1e-7);
    const steps = waterfall(explanation(values, value), 0, values.map((_, k) => `f${k}`), 12);
    assert.equal(steps[0].from, 0);
    for (let i = 1; i < steps.length - 1; i++) assert.equal(steps[i].from, steps[i - 1].to, `step ${i} of run ${run}`);
    assert.equal(steps.at(-2).kind, "residual");
    assert.equal(steps.at(-2).to, value);
    assert.deepEqual([steps.at(-1).from, steps.at(-1).to], [0, value]);
  }
});

test("theLargestContributionsComeFirstWithNameAndRawValue", () => {
  const steps = waterfall(explanation([0.1, -3, 2, 0.2], -0.7), 0, ["a", "b", "c", "d"], 2);
  assert.deepEqual(steps.map(({ label, kind, raw }) => [label, kind, raw]), [
    ["b", "feature", 10], ["c", "feature", 20], ["2 others", "others", null], ["left over", "residual", null], ["embedding", "total", null],
  ]);
});

test("whatDoesNotAddUpIsLeftOver", () => {
  const steps = waterfall(explanation([1, 1], 2.5), 0, ["a", "b"]);
  assert.equal(steps.find(({ kind }) => kind === "residual").delta, 0.5);
});

test("fewFeaturesHaveNoOthers", () => {
  assert.ok(!waterfall(explanation([1, 2], 3), 0, ["a", "b"]).some(({ kind }) => kind === "others"));
});

test("cellsAreRowMajor", () => {
  assert.deepEqual(cells([1, 2, 3, 4, 5, 6], { rows: 2, columns: 3 }), [[0, 0, 1], [1, 0, 2], [2, 0, 3], [0, 1, 4], [1, 1, 5], [2, 1, 6]]);
});

test("topFeaturesAreCountedMostOftenFirst", () => {
  const samples = ["b", "a", "b", "c_10", "c_9"].map((topFeature) => ({ topFeature }));
  assert.deepEqual(topFeatureCounts(samples), [["b", 2], ["a", 1], ["c_9", 1], ["c_10", 1]]);
});

test("parityIsBoundedAndTakesTheNewest", () => {
  const samples = Array.from({ length: 50 }, (_, i) => ({ id: String(i), embedding: [i, -i], reconstruction: [i, -i], exact: true, relativeError: 0 }));
  const points = parity(samples, 7);
  assert.equal(points.length, 7);
  assert.deepEqual(points[0], { x: 49, y: 49, id: "49", output: 0, exact: true, relativeError: 0 });
  assert.equal(points[6].id, "46");
});

function top(to, names) {
  return { to, features: names.map((feature) => ({ feature })) };
}

test("ranksFollowTheFeaturesThatLeadNow", () => {
  const { times, lines } = ranks([top(2000, ["a", "b", "c"]), top(4000, ["b", "a", "d"])], 2);
  assert.deepEqual(times, [2000, 4000]);
  assert.deepEqual(lines, [{ feature: "b", ranks: [2, 1] }, { feature: "a", ranks: [1, 2] }]);
});

test("aFeatureOutsideTheRankingHasNoRank", () => {
  assert.deepEqual(ranks([top(2000, ["a"]), top(4000, ["b"])], 1).lines, [{ feature: "b", ranks: [null, 1] }]);
});

test("momentsAreThinnedTheSameWayWhenNewOnesCome", () => {
  const tops = Array.from({ length: 300 }, (_, i) => top(2000 * (i + 1), ["a"]));
  const before = ranks(tops.slice(0, 299), 1, 60).times;
  const after = ranks(tops, 1, 60).times;
  assert.ok(after.length <= 62);
  assert.equal(after.at(-1), 600_000);
  const kept = before.slice(0, -1);
  assert.deepEqual(after.slice(0, kept.length), kept);
});

test("noRankingIsNoLine", () => {
  assert.deepEqual(ranks([]), { times: [], lines: [] });
});

test("versionChangesAreWhereTheVersionDiffersFromTheOneBefore", () => {
  const points = [["1", 1], ["1", 2], ["2", 3], ["2", 4], ["1", 5]].map(([version, time]) => ({ version, time }));
  assert.deepEqual(versionChanges(points), [{ time: 3, version: "2" }, { time: 5, version: "1" }]);
});

test("aCounterThatFellHasRestarted", () => {
  assert.deepEqual(growth({ full: 5, linger: 3, fresh: 2 }, { full: 2, linger: 9 }), { full: 3, linger: 3, fresh: 2 });
  assert.deepEqual(growth({ full: 5 }, undefined), { full: 5 });
  assert.deepEqual(growth(undefined, undefined), {});
});

test("theExtentIgnoresWhatIsNoNumber", () => {
  assert.deepEqual(extent([null, 3, NaN, -1]), [-1, 3]);
  assert.equal(extent([null]), null);
});

test("aRankingSaysWhatItIsMadeOf", () => {
  assert.equal(basis({ basis: "l2" }), "l2");
  assert.equal(basis({ basis: "normalized" }), "normalized");
  assert.equal(basis({}), "l2");
});

test("whatGrewInAMinuteIsNotKnownFromOneReading", () => {
  const reading = (time) => ({ time, n: time });
  assert.equal(minuteAgo([reading(0)]), null);
  assert.deepEqual(minuteAgo([reading(0), reading(1000)]), reading(0));
  assert.deepEqual(minuteAgo([reading(0), reading(1000), reading(61_500)]), reading(1000));
});
