/** The strongest features of the recent samples. */
import { axis, Chart, plain, tip, tooltip } from "../chart.js";
import { basis } from "../derive.js";
import { byId, choice } from "../dom.js";
import { count, counted, labels, number, percent, signed, span } from "../format.js";
import { slotColour } from "../palette.js";
import { Panel } from "../panel.js";
import { DataTable } from "../table.js";
import { drawChoice } from "./waterfall.js";

const REDUCTIONS = { l2: "l2", signed: "signed", normalized: "share" };

/** @param {import("../store.js").Store} store @param {import("../schedule.js").Schedule} schedule @param {() => void} retry */
export function topFeatures(store, schedule, retry) {
  const panel = new Panel(byId("top"));
  let reduction = "l2";
  const top = () => store.current?.tops.at(-1) ?? null;
  const valueOf = (feature) => (reduction === "signed" ? feature.signed?.[store.choice.output] : feature[reduction]);
  const chart = new Chart(panel.part(".chart"), schedule, (frame) => top() && option(top(), reduction, valueOf, store, frame));
  const table = new DataTable(panel.part("details.data"), () => tableOf(top(), store));

  const draw = () => {
    const now = top();
    if (!now) {
      panel.nothing(store.history, "No features yet. They are ranked as soon as records have been sampled.", retry);
      return;
    }
    panel.ready();
    const canSign = now.features.some(({ signed: values }) => Array.isArray(values));
    if (!canSign && reduction === "signed") reduction = "l2";
    choice(panel.part(".reduction-choice"), {
      label: "Measure",
      options: Object.entries(REDUCTIONS).filter(([key]) => canSign || key !== "signed").map(([value, text]) => ({ value, text: value === "l2" ? basis(now) : text })),
      value: reduction,
      choose: (value) => {
        reduction = value;
        schedule.request(task, true);
        chart.request(true);
      },
    });
    const host = panel.part(".output-choice");
    drawChoice(host, store);
    host.hidden ||= reduction !== "signed";
    panel.read(sentence(now, reduction));
    chart.request();
    table.update();
  };
  const task = { draw, visible: () => true };
  store.on(["top", "history"], () => schedule.request(task));
  store.on(["models", "choice"], () => {
    schedule.request(task, true);
    chart.request(true);
  });
  draw();
}

function sentence(top, reduction) {
  const [first] = top.features;
  const strength = basis(top) === "l2" ? "mean length (l2) of the contributions over all outputs" : `mean size of the reduced contributions (${basis(top)})`;
  const measure = { l2: strength, signed: "mean signed contribution to the output", normalized: `share of all ${basis(top)}` }[reduction];
  return `Over ${counted(top.rows, "record")} of the last ${span(top.to - top.from)}: ${first.feature} leads with ${percent(first.normalized)} of all contributions. Bars: ${measure}.`;
}

function option(top, reduction, valueOf, store, { colours: c, width, height }) {
  const rows = Math.max(5, Math.min(top.features.length, 15, Math.floor((height - 30) / 20)));
  const features = top.features.slice(0, rows);
  const isSigned = reduction === "signed";
  const show = (x) => (reduction === "normalized" ? percent(x) : isSigned ? signed(x) : number(x));
  const slots = store.current.slots;
  const colour = (feature, value) => (isSigned ? (value >= 0 ? c.positive : c.negative) : slotColour(slots.of(feature.feature), c.theme));
  const longest = Math.max(...features.map(({ feature }) => feature.length));
  const left = Math.round(Math.min(14 + 7.1 * longest, 200, width * 0.42));
  const label = labels(features.map(({ feature }) => feature), Math.floor((left - 10) / 7.1));
  return {
    grid: { left, right: 58, top: 4, bottom: 24 },
    xAxis: axis({ type: "value", splitNumber: 4, axisLabel: { formatter: (x) => (reduction === "normalized" ? `${Math.round(x * 100)} %` : number(x, 2).replace(/\.0+$/, "")) } }),
    yAxis: [
      axis({ type: "category", inverse: true, data: features.map(({ feature }) => feature), splitLine: { show: false }, axisLabel: { interval: 0, color: c.ink, fontSize: 12, width: left - 10, overflow: "truncate", formatter: (name) => plain(label(name)) } }),
      axis({ type: "category", inverse: true, position: "right", data: features.map((_, i) => i), splitLine: { show: false }, axisLabel: { interval: 0, color: c.ink, fontSize: 12, margin: 54, align: "right", formatter: (i) => show(valueOf(features[i])) } }),
    ],
    tooltip: tooltip(({ dataIndex }) => {
      const feature = features[dataIndex];
      return tip(plain(feature.feature), [[`mean ${basis(store.current.tops.at(-1))}`, number(feature.l2)], ["share", percent(feature.normalized)], ["rank", String(dataIndex + 1)]]);
    }),
    series: [{
      type: "bar", barWidth: "64%",
      data: features.map((feature) => ({ value: valueOf(feature) ?? 0, itemStyle: { color: colour(feature, valueOf(feature)), borderRadius: 1 } })),
    }],
  };
}

function tableOf(top, store) {
  const output = store.current?.model.outputs[store.choice.output] ?? "output";
  return {
    caption: `Mean contributions of ${count(top?.rows)} sampled records`,
    head: ["Feature", top ? basis(top) : "l2", "Share", `Signed, ${output}`],
    rows: (top?.features ?? []).map((feature) => [feature.feature, number(feature.l2), percent(feature.normalized), signed(feature.signed?.[store.choice.output])]),
  };
}
