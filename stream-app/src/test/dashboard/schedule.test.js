import assert from "node:assert/strict";
import { test } from "node:test";
import { Schedule } from "../../main/resources/dashboard/schedule.js";

/** A page whose time stands still until it is told to go on. */
function page() {
  const world = { now: 0, hidden: false, timers: [] };
  const later = (f, ms) => {
    const timer = { at: world.now + ms, f };
    world.timers.push(timer);
    return timer;
  };
  world.schedule = new Schedule({
    interval: () => 500,
    now: () => world.now,
    hidden: () => world.hidden,
    frame: (f) => later(f, 16),
    later,
    cancel: (timer) => world.timers.splice(world.timers.indexOf(timer), 1),
  });
  world.pass = (ms) => {
    const end = world.now + ms;
    for (;;) {
      const next = world.timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      world.timers.splice(world.timers.indexOf(next), 1);
      world.now = next.at;
      next.f();
    }
    world.now = end;
  };
  return world;
}

function task(visible = true) {
  const made = { drawn: 0, shown: visible, draw: () => made.drawn++, visible: () => made.shown };
  return made;
}

test("aBusyTaskIsDrawnAtMostTwiceASecond", () => {
  const world = page();
  const chart = task();
  for (let ms = 0; ms < 10_000; ms += 10) {
    world.schedule.request(chart);
    world.pass(10);
  }
  assert.ok(chart.drawn <= 20 && chart.drawn >= 18, `${chart.drawn} times in 10 s`);
});

test("whatTheReaderAsksForDoesNotWait", () => {
  const world = page();
  const chart = task();
  world.schedule.request(chart);
  world.pass(20);
  world.schedule.request(chart, true);
  world.pass(20);
  assert.equal(chart.drawn, 2);
});

test("urgentOvertakesAPlannedDrawing", () => {
  const world = page();
  const chart = task();
  world.schedule.request(chart);
  world.pass(20);
  world.schedule.request(chart);
  world.schedule.request(chart, true);
  world.pass(20);
  assert.equal(chart.drawn, 2);
});

test("aHiddenPageDrawsNothingAndCatchesUpOnce", () => {
  const world = page();
  const chart = task();
  world.hidden = true;
  for (let i = 0; i < 100; i++) {
    world.schedule.request(chart);
    world.pass(100);
  }
  assert.equal(chart.drawn, 0);
  world.hidden = false;
  world.schedule.wake();
  world.pass(20);
  assert.equal(chart.drawn, 1);
});

test("whatCannotBeSeenWaitsUntilItIs", () => {
  const world = page();
  const chart = task(false);
  world.schedule.request(chart);
  world.pass(2000);
  assert.equal(chart.drawn, 0);
  chart.shown = true;
  world.schedule.wake();
  world.pass(20);
  assert.equal(chart.drawn, 1);
});

test("aPauseHoldsEverythingButWhatTheReaderAsksFor", () => {
  const world = page();
  const chart = task();
  world.schedule.request(chart);
  world.pass(20);
  world.schedule.pause(true);
  world.schedule.request(chart);
  world.pass(5000);
  assert.equal(chart.drawn, 1);
  world.schedule.request(chart, true);
  world.pass(20);
  assert.equal(chart.drawn, 2);
  world.schedule.request(chart);
  world.schedule.pause(false);
  world.pass(1000);
  assert.equal(chart.drawn, 3);
});

test("oneFailingPanelDoesNotStopTheOthers", (t) => {
  t.mock.method(console, "error", () => {});
  const world = page();
  const chart = task();
  world.schedule.request({ draw: () => { throw new Error("on purpose"); }, visible: () => true });
  world.schedule.request(chart);
  world.pass(20);
  assert.equal(chart.drawn, 1);
});
