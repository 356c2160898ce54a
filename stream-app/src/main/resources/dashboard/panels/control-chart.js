/** Relative error over time, with what it may be and what happened. */
import { axis, Chart, tip, tooltip } from "../chart.js";
import { describeKind } from "../alarms.js";
import { versionChanges } from "../derive.js";
import { byId, choice } from "../dom.js";
import { clock, count, counted, log10, power, scientific } from "../format.js";
import { Panel } from "../panel.js";
import { DataTable } from "../table.js";

/**
 * @param {import("../store.js").Store} store @param {import("../current-record.js").CurrentRecord} record
 * @param {import("../schedule.js").Schedule} schedule @param {() => void} retry
 */
export function controlChart(store, record, schedule, retry) {
  const panel = new Panel(byId("control"));
  let scale = "batches";
  const points = () => (scale === "windows" ? windowPoints(store.current?.windows ?? []) : store.current?.errors.points ?? []);
  const chart = new Chart(panel.part(".chart"), schedule, (frame) => (points().length > 0 ? option(points(), scale, store, frame) : null));
  const table = new DataTable(panel.part("details.data"), () => tableOf(points(), scale));

  const draw = () => {
    choice(panel.part(".scale-choice"), {
      label: "Points",
      options: [{ value: "batches", text: "batches" }, { value: "windows", text: "windows" }],
      value: scale,
      choose: (value) => {
        scale = value;
        schedule.request(task, true);
        chart.request(true);
      },
    });
    if (points().length === 0) {
      panel.nothing(store.history, scale === "windows" ? "No window is complete yet. Batches are shown as they come." : "No batches yet. Each one brings its own check.", retry);
      return;
    }
    panel.ready();
    panel.read(sentence(points(), scale, store));
    chart.request();
    table.update();
  };
  const task = { draw, visible: () => true };
  store.on(["errors", "windows", "alerts", "history"], () => schedule.request(task));
  store.on(["models"], () => {
    schedule.request(task, true);
    chart.request(true);
  });
  chart.onClick(({ data }) => {
    const id = (data?.value ?? data)?.[2];
    if (typeof id === "string") record.open(id);
  });
  draw();
}

/** A window as a point, so that both scales are drawn alike. */
function windowPoints(windows) {
  return windows.map((window) => ({ time: window.start, relativeError: window.relativeError, worstRelativeError: null, worst: null, count: window.count, batches: 1, version: window.version, exact: window.inexact === 0 }));
}

function sentence(points, scale, store) {
  const last = points.at(-1);
  const { tolerance } = store.current.model;
  const highest = points.reduce((most, point) => Math.max(most, point.relativeError), 0);
  const over = points.filter((point) => point.relativeError > tolerance).length;
  const unit = scale === "windows" ? "window" : "second";
  return `Now ${scientific(last.relativeError)}; highest ${scientific(highest)} since ${clock(points[0].time)}; tolerance ${scientific(tolerance, 1)}. ${over === 0 ? "Always within the tolerance." : `${counted(over, unit)} of ${count(points.length)} over the tolerance.`}`;
}

function option(points, scale, store, { colours: c, width, narrow }) {
  const { tolerance, roundingFloor, name } = store.current.model;
  const logs = points.flatMap((point) => [point.relativeError, point.worstRelativeError]).filter((x) => typeof x === "number").map((x) => log10(x));
  const low = Math.floor(Math.min(...logs, log10(roundingFloor) - 0.3, log10(tolerance)) - 0.2);
  const high = Math.ceil(Math.max(...logs, log10(tolerance)) + 0.3);
  const start = points[0].time;
  const end = Math.max(points.at(-1).time, start + 1000);
  const episodes = store.episodes.filter((alert) => alert.model === name && (alert.state === "open" || alert.at >= start));
  const grid = { left: 46, right: narrow ? 12 : 104, top: 40, bottom: 26 };
  const place = (time) => grid.left + ((time - start) / (end - start)) * (width - grid.left - grid.right);
  return {
    grid,
    xAxis: axis({ type: "time", min: start, max: end, splitLine: { show: false }, axisLabel: { formatter: (t) => clock(t) }, splitNumber: narrow ? 2 : 6 }),
    yAxis: axis({ type: "value", min: low, max: high, interval: high - low > 8 ? 2 : 1, axisLabel: { formatter: (e) => (Number.isInteger(e) ? power(e) : "") } }),
    tooltip: tooltip((params) => tipOf(points[params[0]?.dataIndex], scale), { trigger: "axis", axisPointer: { type: "none" } }),
    series: [
      {
        name: "worst record", type: "scatter", symbolSize: 3, data: points.map((point) => [point.time, typeof point.worstRelativeError === "number" ? log10(point.worstRelativeError) : null, point.worst]),
        itemStyle: { color: c.neutral, opacity: 0.6 }, cursor: "pointer", z: 2,
      },
      {
        name: "batch", type: "line", step: scale === "windows" ? "end" : false, symbol: "none", silent: true, tooltip: { trigger: "none" },
        data: points.map((point) => [point.time, log10(point.relativeError)]), lineStyle: { color: c.accent, width: 1.2 }, z: 3,
        markLine: { symbol: "none", silent: true, animation: false, data: [...levels(tolerance, roundingFloor, c, narrow), ...moments(points, episodes, { start, end, place, width }, c)] },
        markArea: { silent: true, data: [[{ yAxis: low, itemStyle: { color: c.band } }, { yAxis: log10(roundingFloor) }], ...episodes.map((alert) => span(alert, start, end, c))] },
      },
      {
        name: "batches", type: "scatter", symbolSize: points.length > 200 ? 3 : 5, cursor: "pointer", z: 4,
        data: points.map((point) => ({ value: [point.time, log10(point.relativeError), point.worst], itemStyle: { color: point.relativeError > tolerance ? c.critical : c.accent } })),
      },
    ],
  };
}

function levels(tolerance, floor, c, narrow) {
  const label = (text, color) => ({ show: true, formatter: text, color, fontSize: 11, ...(narrow ? { backgroundColor: c.panel, padding: [1, 3] } : {}), position: narrow ? "insideStartTop" : "end", distance: narrow ? 2 : 6 });
  return [
    { yAxis: log10(tolerance), lineStyle: { color: c.critical, type: "solid", width: 1.2 }, label: label("tolerance", c.critical) },
    { yAxis: log10(floor), lineStyle: { color: c.ok, type: "dashed", width: 1 }, label: label("rounding floor", c.ok) },
  ];
}

/** Vertical lines: an alert opens or is over, the model's version changes. */
function moments(points, episodes, { start, end, place, width }, c) {
  const line = (at, text, color, type, distance) => {
    const time = Math.min(end, Math.max(start, at));
    return { xAxis: time, lineStyle: { color, type, width: 1.2 }, label: { show: true, formatter: text, color, fontSize: 11, position: "end", distance, align: alignment(text, place(time), width) } };
  };
  const lines = versionChanges(points).slice(-6).map(({ time, version }) => line(time, `version ${version}`, c.muted, "dotted", 4));
  for (const alert of episodes.slice(0, 6)) {
    const color = alertColour(alert, c);
    const kind = describeKind(alert.kind).short;
    const before = alert.since < start;
    lines.push(line(alert.since, before ? `${kind}, from before` : kind, color, "solid", 18));
    if (alert.state === "resolved") lines.push(line(alert.at, "resolved", color, "dashed", 18));
  }
  return lines;
}

/** Above its line, but not beyond the edges of the chart. @param {number} x of the line, in pixels */
function alignment(text, x, width) {
  const half = 3.2 * text.length; // at 11 px
  if (half > x) return "left";
  return half > width - x ? "right" : "center";
}

function span(alert, start, end, c) {
  const color = alertColour(alert, c);
  return [{ xAxis: Math.max(start, alert.since), itemStyle: { color, opacity: alert.kind === "linearity_error" ? 0.12 : 0.08 } }, { xAxis: Math.min(end, alert.state === "open" ? end : alert.at) }];
}

function alertColour(alert, c) {
  return alert.kind === "linearity_error" ? c.critical : c.drift;
}

function tipOf(point, scale) {
  if (!point) return null;
  return tip(clock(point.time), [
    [scale === "windows" ? "relative error" : "worst batch of this second", scientific(point.relativeError)],
    ...(point.worst ? [["worst record", `${scientific(point.worstRelativeError)} (${point.worst})`]] : []),
    ["records", scale === "windows" ? count(point.count) : `${count(point.count)} in ${counted(point.batches, "batch", "batches")}`],
    ["version", point.version],
    ["all exact", point.exact ? "yes" : "no"],
  ], point.worst ? "Click to explain the worst record" : undefined);
}

function tableOf(points, scale) {
  return {
    caption: `Relative error per ${scale === "windows" ? "window" : "second (its worst batch)"}, newest first${points.length > 120 ? ", the last 120" : ""}`,
    head: ["Time", "Relative error", "Worst record", "Records", "Version", "All exact"],
    rows: points.slice(-120).reverse().map((point) => [clock(point.time), scientific(point.relativeError), point.worst ? `${scientific(point.worstRelativeError)} ${point.worst}` : "–", count(point.count), point.version, point.exact ? "yes" : "no"]),
  };
}
