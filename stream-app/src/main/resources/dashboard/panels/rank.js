/** The places of the leading features over time. */
import { axis, Chart, plain, tip, tooltip } from "../chart.js";
import { ranks } from "../derive.js";
import { byId } from "../dom.js";
import { clock, labels, span } from "../format.js";
import { SHAPES, slotColour } from "../palette.js";
import { Panel } from "../panel.js";
import { DataTable } from "../table.js";

const MOST = 8;

/** @param {import("../store.js").Store} store @param {import("../schedule.js").Schedule} schedule @param {() => void} retry */
export function rank(store, schedule, retry) {
  const panel = new Panel(byId("rank"));
  let data = ranks([]);
  const chart = new Chart(panel.part(".chart"), schedule, (frame) => (isOverTime(data) ? option(data, store, frame) : null));
  const table = new DataTable(panel.part("details.data"), () => tableOf(data));
  const draw = () => {
    data = ranks(store.current?.tops.toArray() ?? [], MOST);
    if (!isOverTime(data)) {
      panel.nothing(store.history, "Not enough time has passed. A second ranking makes the first line.", retry);
      return;
    }
    panel.ready();
    panel.read(sentence(data));
    chart.request();
    table.update();
  };
  const task = { draw, visible: () => true };
  store.on(["top", "history"], () => schedule.request(task));
  store.on(["models"], () => {
    schedule.request(task, true);
    chart.request(true);
  });
  draw();
}

/** An axis of time whose ends are the same would show two days. */
function isOverTime({ times }) {
  return times.length > 0 && times.at(-1) > times[0];
}

function sentence({ times, lines }) {
  const moved = lines.filter(({ ranks: r }) => r[0] !== r.at(-1));
  const time = span(times.at(-1) - times[0]);
  if (moved.length === 0) return `In the last ${time} no leading feature changed its place.`;
  const most = moved.map((line) => ({ line, by: Math.abs((line.ranks[0] ?? 21) - line.ranks.at(-1)) })).sort((a, b) => b.by - a.by)[0].line;
  return `In the last ${time}, ${moved.length} of ${lines.length} changed their place; ${most.feature} went from ${most.ranks[0] ?? "below 20"} to ${most.ranks.at(-1)}.`;
}

function option({ times, lines }, store, { colours: c, width }) {
  const slots = store.current.slots;
  const deepest = Math.max(MOST, ...lines.flatMap(({ ranks: r }) => r.filter((x) => x !== null)));
  const bottom = Math.min(deepest, 12);
  const longest = Math.max(...lines.map(({ feature }) => feature.length));
  const right = Math.round(Math.min(26 + 7.1 * longest, 190, width * 0.42));
  const label = labels(lines.map(({ feature }) => feature), Math.floor((right - 20) / 7.1));
  const every = Math.max(1, Math.ceil(times.length / 8));
  return {
    grid: { left: 28, right, top: 12, bottom: 26 },
    xAxis: axis({ type: "time", min: times[0], max: times.at(-1), splitLine: { show: false }, splitNumber: 2, axisLabel: { formatter: (t) => clock(t) } }),
    yAxis: axis({ type: "value", inverse: true, min: 0.5, max: bottom + 0.5, interval: 0.5, splitLine: { show: false }, axisLabel: { hideOverlap: false, formatter: (r) => (Number.isInteger(r) ? String(r) : "") } }),
    tooltip: tooltip(({ data }) => {
      if (!Array.isArray(data)) return null;
      const [time, place, i] = data;
      return tip(lines[i].feature, [["rank", String(place)], ["time", clock(time)]]);
    }),
    series: lines.flatMap(({ feature, ranks: r }, i) => {
      const slot = slots.of(feature);
      const color = slotColour(slot, c.theme);
      const shape = slot === undefined ? "circle" : SHAPES[slot];
      const points = r.map((place, k) => [times[k], place === null || place > bottom ? null : place]);
      const marked = points.filter(([, place], k) => place !== null && (k % every === 0 || k === points.length - 1));
      return [{
        type: "line", clip: true, silent: true, data: points, connectNulls: false, symbol: "none",
        lineStyle: { color, width: 2, type: slot === undefined ? "dashed" : "solid" }, itemStyle: { color },
        endLabel: { show: true, formatter: () => plain(label(feature)), color: c.ink, fontSize: 12, distance: 12 },
        z: 10 - i,
      }, {
        type: "scatter", data: marked.map((point) => [...point, i]), symbol: shape, symbolSize: 8, itemStyle: { color }, z: 20 - i,
      }];
    }),
  };
}

function tableOf({ times, lines }) {
  const chosen = times.map((_, i) => i).filter((i) => i === times.length - 1 || i % Math.max(1, Math.floor(times.length / 6)) === 0);
  return {
    caption: "Rank of the leading features",
    head: ["Feature", ...chosen.map((i) => clock(times[i]))],
    rows: lines.map(({ feature, ranks: r }) => [feature, ...chosen.map((i) => (r[i] === null ? "below 20" : String(r[i])))]),
  };
}
