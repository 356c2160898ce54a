import assert from "node:assert/strict";
import { test } from "node:test";
import { FeatureSlots, SLOTS, slotColour } from "../../main/resources/dashboard/palette.js";

const letters = [..."abcdefghijklmnop"];

test("theFirstEightGetDifferentSlots", () => {
  const slots = new FeatureSlots();
  slots.update(letters);
  assert.deepEqual(slots.entries().map(([feature]) => feature), letters.slice(0, SLOTS));
  assert.equal(new Set(letters.slice(0, SLOTS).map((feature) => slots.of(feature))).size, SLOTS);
  assert.equal(slots.of("i"), undefined);
});

test("aFeatureKeepsItsColourWhenRanksChange", () => {
  const slots = new FeatureSlots();
  slots.update(letters);
  const before = slots.of("c");
  slots.update(["c", "b", "a", ...letters.slice(3)]);
  assert.equal(slots.of("c"), before);
});

test("aNewLeaderTakesTheColourOfTheLeast", () => {
  const slots = new FeatureSlots();
  slots.update(letters);
  slots.update(["z", ...letters]);
  assert.notEqual(slots.of("z"), undefined);
  assert.equal(slots.of("h"), undefined);
  assert.ok(slots.entries().length <= SLOTS);
});

test("anySequenceOfRankingsLeavesTheFirstEightColoured", () => {
  let seed = 3;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  const slots = new FeatureSlots();
  for (let run = 0; run < 500; run++) {
    const ranked = letters.map((name) => [random(), name]).sort((a, b) => a[0] - b[0]).map(([, name]) => name).slice(0, 1 + (run % letters.length));
    slots.update(ranked);
    const used = slots.entries().map(([, slot]) => slot);
    assert.equal(new Set(used).size, used.length);
    for (const feature of ranked.slice(0, SLOTS)) assert.notEqual(slots.of(feature), undefined, `run ${run}`);
  }
});

test("otherIsGrey", () => {
  assert.notEqual(slotColour(undefined, "light"), slotColour(0, "light"));
  assert.notEqual(slotColour(0, "dark"), undefined);
});
