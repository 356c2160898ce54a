/** What is to be explained, f(x) less its base, against the sum of contributions. */
import { axis, Chart, tip, tooltip } from "../chart.js";
import { extent, parity as pointsOf } from "../derive.js";
import { byId, choice } from "../dom.js";
import { count, counted, number, scientific } from "../format.js";
import { Panel } from "../panel.js";
import { DataTable } from "../table.js";
import { openButton } from "./banner.js";

/**
 * @param {import("../store.js").Store} store @param {import("../current-record.js").CurrentRecord} record
 * @param {import("../schedule.js").Schedule} schedule @param {() => void} retry
 */
export function parity(store, record, schedule, retry) {
  const panel = new Panel(byId("parity"));
  let points = [];
  let view = "values";
  const chart = new Chart(panel.part(".chart"), schedule, (frame) => (points.length > 0 ? option(points, view, store, frame) : null));
  const table = new DataTable(panel.part("details.data"), () => tableOf(points, store, record));
  const draw = () => {
    points = pointsOf(store.current?.samples.toArray() ?? []);
    if (points.length === 0) {
      panel.nothing(store.history, "No samples yet. Every explained output becomes a point.", retry);
      return;
    }
    panel.ready();
    choice(panel.part(".view-choice"), {
      label: "Vertical axis",
      options: [{ value: "values", text: "values" }, { value: "difference", text: "difference" }],
      value: view,
      choose: (value) => {
        view = value;
        chart.request(true);
      },
    });
    panel.read(sentence(points));
    chart.request();
    table.update();
  };
  const task = { draw, visible: () => true };
  store.on(["samples", "history"], () => schedule.request(task));
  store.on(["models"], () => {
    schedule.request(task, true);
    chart.request(true);
  });
  chart.onClick(({ data }) => {
    if (typeof data?.[2] === "string") record.open(data[2]);
  });
  draw();
}

function hasBase(store) {
  return store.current?.samples.at(-1)?.base !== undefined;
}

function sentence(points) {
  const largest = points.reduce((most, point) => Math.max(most, Math.abs(point.x - point.y)), 0);
  const off = points.filter((point) => !point.exact).length;
  return `${counted(points.length, "value")}; largest difference ${scientific(largest)}. ${off === 0 ? "All records are explained exactly." : `${counted(off, "value")} of records that are not exact.`}`;
}

function option(points, view, store, { colours: c, narrow }) {
  const [low, high] = extent(points.flatMap(({ x, y }) => [x, y]));
  const pad = (high - low || 1) * 0.05;
  const range = { type: "value", min: low - pad, max: high + pad, splitNumber: narrow ? 4 : 5, axisLabel: { showMinLabel: false, showMaxLabel: false, formatter: (v) => number(v, 2).replace(/\.0+$/, "") } };
  const isValue = view === "values";
  const far = Math.max(1e-9, ...points.map(({ x, y }) => Math.abs(x - y))) * 1.1;
  const pair = ({ x, y, id, output }) => [x, isValue ? y : x - y, id, output];
  const vertical = isValue ? { ...range, name: "Σ contributions" } : { type: "value", min: -far, max: far, splitNumber: 4, name: "left over", axisLabel: { showMinLabel: false, showMaxLabel: false, formatter: (v) => (Math.abs(v) < far / 1e6 ? "0" : scientific(v)) } };
  return {
    grid: { left: isValue ? 46 : 60, right: 16, top: 26, bottom: 40 },
    xAxis: axis({ ...range, name: hasBase(store) ? "f(x) − base" : "f(x)", nameLocation: "middle", nameGap: 24 }),
    yAxis: axis({ ...vertical, nameGap: 10, nameTextStyle: { align: "left", padding: [0, 0, 0, isValue ? -40 : -54] } }),
    tooltip: tooltip(({ data }) => {
      if (!Array.isArray(data)) return null;
      const [x, second, id, output] = data;
      const y = isValue ? second : x - second;
      return tip(id, [[store.current?.model.outputs[output] ?? "output", number(x, 5)], ["Σ contributions", number(y, 5)], ["left over", scientific(x - y)]], "Click to explain it");
    }),
    series: [
      { type: "line", data: isValue ? [[low - pad, low - pad], [high + pad, high + pad]] : [[low - pad, 0], [high + pad, 0]], symbol: "none", silent: true, lineStyle: { color: c.muted, width: 1, type: "dashed" }, z: 1 },
      { name: "exact", type: "scatter", data: points.filter(({ exact }) => exact).map(pair), symbolSize: 5, itemStyle: { color: c.accent, opacity: 0.55 } },
      { name: "not exact", type: "scatter", data: points.filter(({ exact }) => !exact).map(pair), symbol: "triangle", symbolSize: 8, itemStyle: { color: c.critical, opacity: 0.8 } },
    ],
  };
}

function tableOf(points, store, record) {
  const worst = [...points].sort((a, b) => Math.abs(b.x - b.y) - Math.abs(a.x - a.y)).slice(0, 30);
  return {
    caption: `The 30 largest differences of ${count(points.length)}`,
    head: ["Record", "Output", hasBase(store) ? "f(x) − base" : "f(x)", "Σ contributions", "Left over"],
    rows: worst.map((point) => [openButton(point.id, record), store.current?.model.outputs[point.output] ?? String(point.output), number(point.x, 5), number(point.y, 5), scientific(point.x - point.y)]),
  };
}
