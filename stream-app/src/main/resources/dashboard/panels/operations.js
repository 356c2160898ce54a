/** How the stream is doing: one tile per question. */
import { growth, minuteAgo } from "../derive.js";
import { byId, el, setText, svg } from "../dom.js";
import { bytes, clock, count, duration, number, percent, rate, words } from "../format.js";
import { Panel } from "../panel.js";

const TRIGGERS = { full: "full", bytes: "bytes", linger: "linger" };

/** @param {import("../store.js").Store} store @param {import("../schedule.js").Schedule} schedule @param {() => void} retry */
export function operations(store, schedule, retry) {
  const panel = new Panel(byId("operations"));
  const tiles = tilesIn(panel.part(".tiles"));
  const draw = () => {
    const now = store.operations.at(-1);
    if (!now) {
      panel.nothing(store.history, "No figures yet. They come every second once the stream runs.", retry);
      return;
    }
    panel.ready();
    outside(panel.part(".outside"), now);
    show(tiles, now, minuteAgo(store.operations.toArray()), store.operations);
  };
  const task = { draw, visible: () => true };
  store.on(["operations", "history", "models"], () => schedule.request(task));
  draw();
}

/** Whether brokers and registry answer, and when the last commit was: the same that the readiness probe says. */
function outside(line, { problems, brokersAnswered, registryAnswered, lastCommit }) {
  const bad = (problems ?? []).length > 0;
  line.dataset.level = bad ? "bad" : "";
  setText(line, bad
    ? `Not ready \u2013 ${problems.join(" \u00b7 ")}`
    : `Ready \u2013 last answer of the brokers ${clock(brokersAnswered)}, of the Schema Registry ${clock(registryAnswered)}; last commit ${clock(lastCommit)}`);
}

function tilesIn(host) {
  const make = (title) => {
    const tile = { root: el("div", { class: "tile" }), value: el("dd", { class: "value" }), note: el("dd", { class: "note" }), extra: el("dd") };
    tile.root.append(el("dt", { text: title }), tile.value, tile.extra, tile.note);
    host.append(tile.root);
    return tile;
  };
  return {
    throughput: make("Throughput"), lag: make("Lag"), batch: make("Batch size"), drains: make("Why batches were sent"),
    stages: make("Time per batch"), dead: make("Dead letters"), memory: make("Memory"), explained: make("Explained"),
  };
}

function show(tiles, now, before, history) {
  const readings = history.toArray();
  figure(tiles.throughput, rate(now.recordsPerSecond), "records/s");
  spark(tiles.throughput, readings.map((reading) => reading.recordsPerSecond), "Throughput of the last minutes");

  figure(tiles.lag, count(now.lag), now.lag === null ? "" : "records");
  setText(tiles.lag.note, now.lag === null ? "not known" : "not explained and committed");
  spark(tiles.lag, readings.map((reading) => reading.lag), "Lag of the last minutes");

  figure(tiles.batch, number(now.batchSize?.mean, 3), "rows, mean");
  setText(tiles.batch.note, `since the start; largest lately ${count(now.batchSize?.max)}`);

  drains(tiles.drains, growth(now.drains, before?.drains));

  const { decode, explain, forward } = now.stageMillis ?? {};
  const [time, unitOfTime] = duration(explain).split(" ");
  figure(tiles.stages, time, unitOfTime ? `${unitOfTime} to explain` : "");
  setText(tiles.stages.note, `decode ${duration(decode)} · forward ${duration(forward)}; means since the start`);

  deadLetters(tiles.dead, now.deadLetters ?? {}, before && growth(now.deadLetters, before.deadLetters));

  const [size, unit] = bytes(now.residentBytes).split(" ");
  figure(tiles.memory, size, unit ? `${unit} resident` : "");
  setText(tiles.memory.note, `Java heap ${bytes(now.heapUsedBytes)}`);
  spark(tiles.memory, readings.map((reading) => reading.residentBytes), "Resident memory of the last minutes");

  figure(tiles.explained, count(now.explained), "");
  setText(tiles.explained.note, `records since start · ${String(now.state).toLowerCase()}`);
  tiles.explained.root.dataset.level = now.state === "RUNNING" || now.state === "REBALANCING" ? "" : "bad";
}

function figure(tile, value, unit) {
  const key = `${value} ${unit}`;
  if (tile.value.dataset.key === key) return;
  tile.value.dataset.key = key;
  tile.value.replaceChildren(value, unit ? el("small", { text: ` ${unit}` }) : "");
}

function drains(tile, recent) {
  const names = Object.keys(TRIGGERS);
  const total = names.reduce((sum, name) => sum + (recent[name] ?? 0), 0);
  const shares = names.map((name) => (total > 0 ? (recent[name] ?? 0) / total : 0));
  const most = names[shares.indexOf(Math.max(...shares))];
  if (total > 0) figure(tile, most, percent(Math.max(...shares)));
  else {
    figure(tile, "–", "");
    tile.extra.replaceChildren();
    setText(tile.note, "none yet");
    return;
  }
  let at = 0;
  const bar = svg("svg", { class: "shares", viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" }, shares.map((share, i) => {
    const rect = svg("rect", { x: at * 100, y: 0, width: share * 100, height: 8, class: `share-${i}` });
    at += share;
    return rect;
  }));
  const key = el("div", { class: "key" }, names.map((name, i) => el("span", {}, [
    svg("svg", { viewBox: "0 0 8 8", "aria-hidden": "true" }, [svg("rect", { width: 8, height: 8, class: `share-${i}` })]),
    `${name} ${percent(shares[i])}`,
  ])));
  tile.extra.replaceChildren(bar);
  tile.note.replaceChildren(key);
}

function deadLetters(tile, totals, recent) {
  const total = Object.values(totals).reduce((sum, n) => sum + n, 0);
  const lately = Object.values(recent ?? {}).reduce((sum, n) => sum + n, 0);
  figure(tile, count(total), total === 1 ? "record" : "records");
  const reasons = Object.entries(totals).filter(([, n]) => n > 0).sort((a, b) => b[1] - a[1]);
  const names = reasons.map(([reason, n]) => `${words(reason)} ${count(n)}`);
  const named = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} more reasons`] : names;
  if (total > 0 && recent) named.unshift(`${lately === 0 ? "none" : count(lately)} in the last minute`);
  setText(tile.note, total === 0 ? "none" : named.join(" · "));
  tile.note.title = names.join(", ");
}

function spark(tile, values, label) {
  const known = values.filter((value) => Number.isFinite(value));
  if (known.length < 2) return;
  const top = Math.max(...known, 1e-9);
  const path = values.map((value, i) => `${i === 0 ? "M" : "L"}${((i / (values.length - 1)) * 100).toFixed(2)} ${(22 - (20 * (value ?? 0)) / top).toFixed(2)}`).join("");
  tile.line ??= svg("path");
  if (!tile.line.isConnected) {
    tile.extra.replaceChildren(svg("svg", { class: "spark", viewBox: "0 0 100 24", preserveAspectRatio: "none", role: "img", "aria-label": label }, [tile.line]));
  }
  tile.line.setAttribute("d", path);
}
