import assert from "node:assert/strict";
import { test } from "node:test";
import { describeCause, describeKind, episodes, openAlarms } from "../../main/resources/dashboard/alarms.js";

function alert(more) {
  return { id: "a", model: "m", kind: "attribution", state: "open", since: 10, at: 10, ...more };
}

test("aResolvedAlarmIsNotOpen", () => {
  assert.equal(openAlarms([alert({}), alert({ state: "resolved", at: 20 })]).length, 0);
});

test("theOrderOfArrivalDoesNotMatter", () => {
  assert.equal(openAlarms([alert({ state: "resolved", at: 20 }), alert({})]).length, 0);
});

test("anAlarmThatComesBackIsOpenAgain", () => {
  const alarms = openAlarms([alert({}), alert({ state: "resolved", at: 20 }), alert({ since: 30, at: 30 })]);
  assert.deepEqual(alarms.map(({ since }) => since), [30]);
});

test("modelsAndKindsAreIndependent", () => {
  const alarms = openAlarms([alert({}), alert({ kind: "linearity_error", since: 5, at: 5 }), alert({ model: "other", state: "resolved", at: 90 })]);
  assert.deepEqual(alarms.map(({ kind }) => kind), ["linearity_error", "attribution"]);
});

test("anEpisodeIsOneEntryWithItsLastState", () => {
  const all = episodes([alert({}), alert({ state: "resolved", at: 20 }), alert({ since: 30, at: 30 })]);
  assert.deepEqual(all.map(({ since, state }) => [since, state]), [[30, "open"], [10, "resolved"]]);
});

test("kindsAndCausesNobodyKnowsAreStillReadable", () => {
  assert.match(describeKind("other_thing").title, /other thing/);
  assert.match(describeCause("strange_cause"), /strange cause/);
  assert.equal(describeCause(null), null);
  assert.match(describeCause("bias_present"), /bias/);
});

/** The end of the old bundle's alarm, told when the new one comes, must not hide the new one's. */
test("anOldBundlesEndIsNotThatOfTheNewOnes", () => {
  const alarms = openAlarms([
    alert({ bundle: "old", since: 5, at: 5 }),
    alert({ bundle: "new", since: 20, at: 20 }),
    alert({ bundle: "old", since: 5, at: 20, state: "resolved" }),
  ]);
  assert.deepEqual(alarms.map(({ bundle }) => bundle), ["new"]);
});

test("episodesOfTwoBundlesThatBeganTogetherAreTwo", () => {
  assert.equal(episodes([alert({ bundle: "old" }), alert({ bundle: "new", state: "resolved" })]).length, 2);
});
