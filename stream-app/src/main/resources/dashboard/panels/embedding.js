/** Where the sampled records lie, coloured by their top feature. */
import { axis, Chart, tip, tooltip } from "../chart.js";
import { topFeatureCounts } from "../derive.js";
import { byId, choice, el, setText, svg } from "../dom.js";
import { clock, count, counted, labels, number, percent, scientific, shorten } from "../format.js";
import { SHAPES, slotColour } from "../palette.js";
import { Panel } from "../panel.js";
import { DataTable } from "../table.js";
import { theme } from "../theme.js";
import { openButton } from "./banner.js";

const KEYS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowUp: [1, 1], ArrowDown: [1, -1] };

/**
 * @param {import("../store.js").Store} store @param {import("../current-record.js").CurrentRecord} record
 * @param {import("../schedule.js").Schedule} schedule @param {() => void} retry
 */
export function embedding(store, record, schedule, retry) {
  const panel = new Panel(byId("embedding"));
  const box = panel.part(".chart");
  const cursorText = panel.part(".cursor");
  let drawn = /** @type {import("../types.js").Sample[]} */ ([]);
  let cursor = /** @type {import("../types.js").Sample | null} */ (null);

  const chart = new Chart(box, schedule, (frame) => {
    if (drawn.length === 0) return null;
    return option(drawn, store, record.id, document.activeElement === box ? cursor : null, frame);
  });
  const table = new DataTable(panel.part("details.data"), () => tableOf(drawn, store, record));

  const draw = () => {
    drawn = store.current?.samples.toArray() ?? [];
    axes(panel, store);
    if (drawn.length === 0) {
      panel.nothing(store.history, "No samples yet. A few explained records per second appear here.", retry);
      return;
    }
    panel.ready();
    legend(panel.part(".legend"), drawn, store);
    panel.read(sentence(drawn));
    chart.request();
    table.update();
  };
  const task = { draw, visible: () => true };
  store.on(["samples", "history"], () => schedule.request(task));
  store.on(["models", "choice"], () => {
    schedule.request(task, true);
    chart.request(true);
  });
  record.on(() => chart.request());

  const open = (sample) => {
    record.open(sample.id);
  };
  chart.onClick(({ data }) => {
    const sample = drawn.find(({ id }) => id === data?.[2]);
    if (sample) open(sample);
  });
  box.addEventListener("keydown", (event) => {
    const step = KEYS[event.key];
    if (step && drawn.length > 0) {
      event.preventDefault();
      cursor = neighbour(drawn, cursor, coordinate(store, step[0]), step[1]);
      setText(cursorText, `${cursor.id}, top feature ${cursor.topFeature}, ${number(coordinate(store, 0)(cursor))} and ${number(coordinate(store, 1)(cursor))}. Enter explains it.`);
      chart.request(true);
    } else if (event.key === "Enter" && cursor) {
      event.preventDefault();
      open(cursor);
    }
  });
  box.addEventListener("blur", () => chart.request(true));
  draw();
}

/** The value of a sample on an axis: an output, or the time where there is only one output. */
function coordinate(store, which) {
  const outputs = store.current?.model.outputs.length ?? 0;
  if (outputs === 1) return which === 0 ? (sample) => sample.time : (sample) => sample.embedding[0];
  const output = which === 0 ? store.choice.x : store.choice.y;
  return (sample) => sample.embedding[output];
}

/** The next sample in one direction; the first time, the newest. */
function neighbour(samples, cursor, along, direction) {
  if (!cursor || !samples.some(({ id }) => id === cursor.id)) return samples.at(-1);
  const order = [...samples].sort((a, b) => along(a) - along(b));
  const i = order.findIndex(({ id }) => id === cursor.id);
  return order[Math.min(order.length - 1, Math.max(0, i + direction))];
}

function axes(panel, store) {
  const outputs = store.current?.model.outputs ?? [];
  const options = outputs.map((text, i) => ({ value: String(i), text: shorten(text, 22) }));
  for (const [name, key] of [["x", "x"], ["y", "y"]]) {
    const host = panel.part(`.${name}-choice`);
    choice(host, { label: name, options: outputs.length > 2 ? options : [], value: String(store.choice[key]), choose: (value) => store.choose({ [key]: Number(value) }), most: 0 });
  }
}

function option(samples, store, selected, cursor, { colours: c, narrow }) {
  const x = coordinate(store, 0);
  const y = coordinate(store, 1);
  const model = store.current.model;
  const slots = store.current.slots;
  const groups = new Map([[undefined, []]]);
  for (const [, slot] of slots.entries()) groups.set(slot, []);
  const marks = [];
  for (const sample of samples) {
    const point = [x(sample), y(sample), sample.id];
    groups.get(slots.of(sample.topFeature))?.push(point);
    if (sample.id === selected) marks.push({ value: point, itemStyle: { borderColor: c.ink, borderWidth: 2 } });
    if (cursor && sample.id === cursor.id) marks.push({ value: point, symbolSize: 20, itemStyle: { borderColor: c.accent, borderWidth: 3 } });
  }
  const single = model.outputs.length === 1;
  const value = { type: "value", scale: true, splitNumber: narrow ? 4 : 6, axisLabel: { formatter: (v) => number(v, 2).replace(/\.0+$/, "") } };
  const size = samples.length > 600 ? 6 : 7;
  return {
    grid: { left: 46, right: 16, top: 26, bottom: 40 },
    xAxis: axis({ ...(single ? { type: "time" } : value), name: single ? "time" : shorten(model.outputs[store.choice.x] ?? "", 30), nameLocation: "middle", nameGap: 24 }),
    yAxis: axis({ ...value, name: shorten(model.outputs[single ? 0 : store.choice.y] ?? "", 30), nameLocation: "end", nameGap: 10, nameTextStyle: { align: "left", padding: [0, 0, 0, -40] } }),
    tooltip: tooltip(({ data }) => {
      const id = (data?.value ?? data)?.[2];
      const sample = samples.find((candidate) => candidate.id === id);
      if (!sample) return null;
      return tip(sample.recordId ? `${sample.recordId} · ${sample.id}` : sample.id, [
        ...(sample.top ?? []).slice(0, 3).map((top) => [top.feature, number(top.value)]),
        ["relative error", scientific(sample.relativeError)],
      ], "Click to explain it");
    }),
    series: [
      ...[...groups].map(([slot, data]) => ({
        type: "scatter", data, symbol: slot === undefined ? "circle" : SHAPES[slot], symbolSize: slot === undefined ? size - 2 : size + 1, cursor: "pointer",
        itemStyle: { color: slotColour(slot, c.theme), opacity: slot === undefined ? 0.55 : 0.8 },
        emphasis: { itemStyle: { borderColor: c.ink, borderWidth: 1 } },
      })),
      { type: "scatter", data: marks, silent: true, symbolSize: 14, itemStyle: { color: "transparent" }, z: 5 },
    ],
  };
}

function legend(host, samples, store) {
  const counts = new Map(topFeatureCounts(samples));
  const slots = store.current.slots;
  const entries = slots.entries().filter(([feature]) => counts.has(feature)).sort((a, b) => counts.get(b[0]) - counts.get(a[0]));
  const named = entries.reduce((sum, [feature]) => sum + counts.get(feature), 0);
  const items = entries.map(([feature, slot]) => [feature, slot, counts.get(feature)]);
  if (samples.length > named) items.push([`other (${counted(counts.size - entries.length, "feature")})`, undefined, samples.length - named]);
  const label = labels(entries.map(([feature]) => feature), 26);
  const key = JSON.stringify([items, theme()]);
  if (host.dataset.key === key) return;
  host.dataset.key = key;
  host.replaceChildren(...items.map(([text, slot, n]) => el("li", { title: text }, [swatch(slot), el("span", { text: slot === undefined ? text : label(text) }), el("span", { class: "n", text: count(n) })])));
}

/** The mark of a slot, drawn as ECharts draws it. @param {number | undefined} slot */
export function swatch(slot) {
  const fill = slotColour(slot, theme());
  const shape = slot === undefined ? "circle" : SHAPES[slot];
  const marks = {
    circle: ["circle", { cx: 6, cy: 6, r: 4.5, fill }],
    rect: ["rect", { x: 1.5, y: 1.5, width: 9, height: 9, fill }],
    triangle: ["path", { d: "M6 1 11 11H1Z", fill }],
    diamond: ["path", { d: "M6 0 11 6 6 12 1 6Z", fill }],
    roundRect: ["rect", { x: 1.5, y: 1.5, width: 9, height: 9, rx: 3, fill }],
  };
  const [tag, attributes] = marks[shape] ?? ["path", { d: shape.replace("path://", ""), fill }];
  return svg("svg", { viewBox: "0 0 12 12", "aria-hidden": "true" }, [svg(tag, attributes)]);
}

function sentence(samples) {
  const counts = topFeatureCounts(samples);
  const [feature, n] = counts[0];
  const first = samples[0].time;
  const inexact = samples.filter(({ exact }) => !exact).length;
  return `${counted(samples.length, "sampled record")} since ${clock(first)}; ${feature} leads most often (${percent(n / samples.length)}).${inexact > 0 ? ` ${counted(inexact, "record")} not explained exactly.` : ""}`;
}

function tableOf(samples, store, record) {
  const model = store.current?.model;
  const x = store.choice.x;
  const y = store.choice.y;
  const outputs = model && model.outputs.length > 1 ? [x, y] : [0];
  return {
    caption: "The 50 newest samples; choose one to explain it",
    head: ["Record", "Time", "Top feature", ...outputs.map((o) => model?.outputs[o] ?? ""), "Relative error"],
    rows: samples.slice(-50).reverse().map((sample) => [
      openButton(sample.id, record), clock(sample.time), sample.topFeature, ...outputs.map((o) => number(sample.embedding[o])), scientific(sample.relativeError),
    ]),
  };
}
