import assert from "node:assert/strict";
import { test } from "node:test";
import { LiveStream } from "../../main/resources/dashboard/stream.js";

class FakeSource {
  listeners = {};
  closed = false;
  addEventListener(event, listener) {
    this.listeners[event] = listener;
  }
  close() {
    this.closed = true;
  }
  send(event, data) {
    this.listeners[event]({ data });
  }
}

function start() {
  const world = { now: 1000, sources: [], timers: [], states: [], received: [] };
  world.stream = new LiveStream({
    url: "stream",
    receive: (event, data) => world.received.push([event, data]),
    report: (state) => world.states.push(state),
  }, {
    open: () => world.sources[world.sources.push(new FakeSource()) - 1],
    now: () => world.now,
    later: (f, ms) => world.timers[world.timers.push({ f, ms }) - 1],
    cancel: (timer) => world.timers.splice(world.timers.indexOf(timer), 1),
  });
  world.fire = () => world.timers.shift().f();
  world.stream.start();
  return world;
}

test("isConnectedWithTheFirstEvent", () => {
  const world = start();
  assert.equal(world.states.at(-1).kind, "connecting");
  world.sources[0].send("hello", "{\"models\":[]}");
  assert.equal(world.states.at(-1).kind, "connected");
  assert.deepEqual(world.received, [["hello", { models: [] }]]);
});

test("silenceIsStaleSinceTheLastEvent", () => {
  const world = start();
  world.sources[0].send("operations", "{}");
  world.now = 5900;
  world.stream.check();
  assert.equal(world.states.at(-1).kind, "connected");
  world.now = 6100;
  world.stream.check();
  assert.deepEqual(world.states.at(-1), { kind: "stale", since: 1000, attempt: 0 });
  world.sources[0].send("operations", "{}");
  assert.equal(world.states.at(-1).kind, "connected");
});

test("aLongSilenceMakesANewConnection", () => {
  const world = start();
  world.sources[0].send("operations", "{}");
  world.now = 7000;
  world.stream.check();
  world.now = 22_000;
  world.stream.check();
  assert.equal(world.states.at(-1).kind, "reconnecting");
  assert.ok(world.sources[0].closed);
  world.fire();
  assert.equal(world.sources.length, 2);
});

test("reconnectsLaterAndLaterUpToFifteenSeconds", () => {
  const world = start();
  const pauses = [];
  for (let i = 0; i < 6; i++) {
    world.sources.at(-1).onerror();
    pauses.push(world.timers[0].ms);
    world.fire();
  }
  assert.deepEqual(pauses, [1000, 2000, 4000, 8000, 15_000, 15_000]);
  assert.deepEqual(world.states.at(-1), { kind: "reconnecting", since: 1000, attempt: 6 });
});

test("anEventEndsTheCounting", () => {
  const world = start();
  world.sources[0].onerror();
  world.fire();
  world.sources[1].send("operations", "{}");
  world.sources[1].onerror();
  assert.equal(world.timers[0].ms, 1000);
});

test("aClosedConnectionIsNotListenedTo", () => {
  const world = start();
  const old = world.sources[0];
  old.onerror();
  world.fire();
  old.send("operations", "{\"late\":true}");
  old.onerror();
  assert.deepEqual(world.received, []);
  assert.equal(world.timers.length, 0);
});

test("hurriesOnlyWhileItWaits", () => {
  const world = start();
  world.stream.hurry();
  assert.equal(world.sources.length, 1);
  world.sources[0].onerror();
  world.stream.hurry();
  assert.equal(world.sources.length, 2);
  assert.equal(world.timers.length, 0);
});

test("whatIsNotJsonIsLeftOut", (t) => {
  t.mock.method(console, "warn", () => {});
  const world = start();
  world.sources[0].send("samples", "<html>");
  world.sources[0].send("samples", "[]");
  assert.deepEqual(world.received, [["samples", []]]);
});

/** A proxy that accepts and never answers gives no error. */
test("aConnectionThatNeverSaysAnythingIsGivenUp", () => {
  const world = start();
  world.now = 20_000;
  world.stream.check();
  assert.equal(world.states.at(-1).kind, "connecting");
  world.now = 21_100;
  world.stream.check();
  assert.equal(world.states.at(-1).kind, "reconnecting");
  world.fire();
  world.now = 30_000;
  world.stream.check();
  assert.equal(world.sources.length, 2);
  world.now = 42_000;
  world.stream.check();
  assert.ok(world.sources[1].closed);
});
