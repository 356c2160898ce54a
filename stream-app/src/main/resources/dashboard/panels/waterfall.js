/** One record: from 0 (and a base value) to the embedding value, contribution by contribution; as a picture too where the input is one. */
import { axis, Chart, plain, tip, tooltip } from "../chart.js";
import { baseOf, cells, extent, waterfall as stepsOf } from "../derive.js";
import { byId, choice, el, setText } from "../dom.js";
import { clock, labels, number, raw, scientific, shorten, signed } from "../format.js";
import { Panel } from "../panel.js";
import { DataTable } from "../table.js";

const MOST = 12;

/**
 * @param {import("../store.js").Store} store @param {import("../current-record.js").CurrentRecord} record
 * @param {import("../schedule.js").Schedule} schedule @param {() => void} retry
 */
export function waterfall(store, record, schedule, retry) {
  const panel = new Panel(byId("record"));
  const follow = /** @type {HTMLInputElement} */ (panel.part(".follow"));
  const shown = () => (record.explanation && record.explanation.model === store.current?.model.name ? record.explanation : null);
  const outputOf = () => Math.min(store.choice.output, (shown()?.embedding.length ?? 1) - 1);
  const nameOf = () => store.current?.model.outputs[outputOf()] ?? `output ${outputOf()}`;

  const bars = new Chart(panel.part(".waterfall"), schedule, (frame) => shown() && barOption(steps(), frame, nameOf()));
  const heat = new Chart(panel.part(".heat"), schedule, (frame) => shown() && heatOption(shown(), outputOf(), store.current.model, frame));
  const input = new Chart(panel.part(".input"), schedule, (frame) => shown() && inputOption(shown(), store.current.model, frame));
  const table = new DataTable(panel.part("details.data"), () => tableOf(shown(), store.current?.model, outputOf(), nameOf()));

  function steps() {
    return stepsOf(shown(), outputOf(), store.current.model.features, MOST);
  }

  const draw = (urgent) => {
    follow.checked = record.follow;
    panel.root.dataset.busy = String(record.state === "loading");
    drawChoice(panel.part(".output-choice"), store);
    const explanation = shown();
    if (!explanation) {
      const failed = record.state === "error";
      panel.nothing(failed ? { state: "error", message: record.error } : record.state === "loading" ? { state: "loading", message: "" } : store.history,
        "No record explained yet. The newest one appears here as soon as the stream explains some.", failed ? () => record.retry() : retry);
      return;
    }
    panel.ready();
    const model = store.current.model;
    facts(panel.part(".record-facts"), explanation);
    const isFault = model.exact || store.openAlarms.some((alarm) => alarm.model === model.name && alarm.kind === "linearity_error");
    certificate(panel.part(".certificate"), explanation, isFault, outputOf(), nameOf());
    panel.part(".images").hidden = !model.grid;
    panel.part(".chart.waterfall").setAttribute("aria-label", sentence(steps(), nameOf()));
    setText(panel.part(".reading"), sentence(steps(), nameOf()));
    if (model.grid) {
      setText(panel.part(".output-name"), nameOf());
      heat.request(urgent);
      input.request(urgent);
    }
    bars.request(urgent);
    table.update();
  };
  const soon = { draw: () => draw(false), visible: () => true };
  record.on(() => (record.follow && record.state !== "error" && !schedule.paused ? schedule.request(soon) : record.follow && schedule.paused ? null : draw(true)));
  store.on(["choice", "models"], () => draw(true));
  store.on(["history", "alerts"], () => draw(false));
  follow.addEventListener("change", () => record.setFollow(follow.checked));
  draw(true);
}

/** The outputs of the model, for this panel and others. */
export function drawChoice(host, store) {
  const outputs = store.current?.model.outputs ?? [];
  choice(host, {
    label: "Output",
    options: outputs.map((text, i) => ({ value: String(i), text: shorten(text, 28) })),
    value: String(store.choice.output),
    choose: (value) => store.choose({ output: Number(value) }),
    most: 3,
  });
}

function facts(host, explanation) {
  const fact = (name, value) => el("div", {}, [el("dt", { text: name }), el("dd", { text: value })]);
  host.replaceChildren(
    fact("Position", explanation.id),
    ...(explanation.recordId ? [fact("Record ID", explanation.recordId)] : []),
    fact("Model", `${explanation.model} ${explanation.version}`),
    fact("Time", clock(explanation.time)),
    ...(explanation.base ? [fact("Method", methodOf(explanation))] : []),
  );
}

function methodOf({ method, nodes }) {
  return `${method.replaceAll("_", " ")}${nodes ? `, ${nodes} nodes` : ""}`;
}

/** @param {boolean} isFault whether an explanation that is not exact is more than what this encoder promised */
function certificate(host, explanation, isFault, output, name) {
  const left = explanation.embedding[output] - baseOf(explanation, output) - explanation.reconstruction[output];
  host.dataset.exact = explanation.exact ? "true" : isFault ? "false" : "expected";
  host.replaceChildren(
    el("b", { text: explanation.exact ? "✓ Exact. " : isFault ? "✗ Not exact. " : "≈ Approximate, as this encoder is. " }),
    `${name}: f(x) = `, figure(number(explanation.embedding[output], 5)), explanation.base ? ", left over f(x) − base − Σ contributions = " : ", left over f(x) − J(x)·x = ", figure(scientific(left)),
    ". Relative error over all outputs ", figure(scientific(explanation.relativeError)), ", tolerance ", figure(scientific(explanation.tolerance, 1)), ".",
  );
}

/** A number that is never broken at its exponent. */
function figure(text) {
  return el("span", { class: "figure", text });
}

function sentence(steps, name) {
  const [first, second] = steps.filter((step) => step.kind === "feature");
  const total = steps.at(-1);
  const lead = [first, second].filter(Boolean).map((step) => `${step.label} ${signed(step.delta)}`).join(", ");
  return `${name} = ${number(total.delta, 4)}. Largest contributions: ${lead}.`;
}

function barOption(steps, { colours: c, width, narrow }, name) {
  const rows = steps.map((step) => (step.kind === "total" ? { ...step, label: name } : step));
  const longest = Math.max(...rows.map((step) => step.label.length + (step.raw === null ? 0 : 3 + raw(step.raw).length)));
  const left = Math.round(Math.min(14 + 7.1 * longest, 300, width * (narrow ? 0.42 : 0.4)));
  const right = narrow ? 62 : 76;
  const most = Math.floor((left - 12) / 7.1);
  const label = labels(rows.filter(({ kind }) => kind === "feature").map((step) => step.label), Math.max(6, most - 8));
  const paint = { total: c.ink, base: c.muted, others: c.neutral, residual: c.critical };
  const colour = (step) => paint[step.kind] ?? (step.delta >= 0 ? c.positive : c.negative);
  const [low, high] = extent(rows.flatMap((step) => [step.from, step.to, 0]));
  const pad = (high - low || 1) * 0.04;
  const category = { type: "category", inverse: true, axisTick: { show: false }, axisLine: { show: false }, splitLine: { show: false } };
  return {
    grid: { left, right, top: 6, bottom: 24 },
    xAxis: axis({ type: "value", min: low - pad, max: high + pad, axisLabel: { formatter: (x) => (x < low - pad / 2 || x > high + pad / 2 ? "" : number(x, 2).replace(/\.0+$/, "")) }, splitNumber: narrow ? 3 : 6 }),
    yAxis: [
      { ...category, data: rows.map((_, i) => i), axisLabel: { interval: 0, margin: 8, color: c.ink, fontSize: 12, formatter: (i) => labelOf(rows[i], most, label), width: left - 10, overflow: "truncate", rich: { v: { color: c.muted, fontSize: 12 }, b: { color: c.ink, fontWeight: 600, fontSize: 12 } } } },
      { ...category, position: "right", data: rows.map((_, i) => i), axisLabel: { interval: 0, color: c.ink, margin: right - 4, align: "right", fontSize: 12, formatter: (i) => (rows[i].kind === "residual" ? scientific(rows[i].delta) : signed(rows[i].delta)) } },
    ],
    tooltip: tooltip(({ dataIndex }) => {
      const step = rows[dataIndex];
      const lines = step.raw === null ? [] : [["raw value", raw(step.raw)]];
      if (step.kind === "base") return tip("base value: what the contributions start from", [["base value", number(step.delta, 6)]]);
      if (step.kind === "total") return tip(step.label, [["embedding value", number(step.delta, 6)]]);
      return tip(step.kind === "residual" ? "left over: f(x) − base − Σ contributions" : step.label, [...lines, ["contribution", step.kind === "residual" ? scientific(step.delta) : signed(step.delta, 4)], ["sum so far", number(step.to, 4)]]);
    }),
    series: [{
      type: "custom",
      data: rows.map((step, i) => [step.from, i, step.to]),
      encode: { x: [0, 2], y: 1 },
      markLine: { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: c.muted, type: "solid", width: 1 }, data: [{ xAxis: 0 }] },
      renderItem: ({ coordSys }, api) => {
        const i = api.value(1);
        const [from, y] = api.coord([api.value(0), i]);
        const [to] = api.coord([api.value(2), i]);
        const band = api.size([0, 1])[1];
        const height = Math.max(4, band * 0.64);
        const children = [{
          // The whole row answers to the pointer: some bars are thinner than a hair.
          type: "rect",
          shape: { x: coordSys.x, y: y - band / 2, width: coordSys.width, height: band },
          style: { fill: "transparent" },
        }, {
          type: "rect",
          shape: { x: Math.min(from, to), y: y - height / 2, width: Math.max(1.5, Math.abs(to - from)), height, r: 1 },
          style: { fill: colour(rows[i]) },
        }];
        if (i < rows.length - 1) {
          children.push({ type: "line", silent: true, shape: { x1: to, x2: to, y1: y + height / 2, y2: y + band - height / 2 }, style: { stroke: c.muted, lineWidth: 1 } });
        }
        return { type: "group", children };
      },
    }],
  };
}

function labelOf(step, most, label) {
  if (step.kind === "total") return `{b|${plain(shorten(step.label, most))}}`;
  if (step.kind === "residual" || step.kind === "base") return `{v|${step.kind === "base" ? "base value" : "left over"}}`;
  if (step.kind === "others") return `{v|${plain(step.label)}}`;
  const value = step.raw === null ? "" : ` = ${raw(step.raw)}`;
  const name = step.label.length + value.length <= most ? step.label : label(step.label);
  return `${plain(name)}{v|${value}}`;
}

/** Two images in one style: square cells, first row at the top, a colour bar below. */
function imageOption(values, grid, frame, visualMap, tipOf) {
  const bar = 34;
  const side = Math.min(frame.width / grid.columns, (frame.height - bar - 6) / grid.rows);
  const width = side * grid.columns;
  const hidden = { type: "category", show: false };
  return {
    grid: { left: (frame.width - width) / 2, width, top: 4, height: side * grid.rows },
    xAxis: { ...hidden, data: Array.from({ length: grid.columns }, (_, i) => i) },
    yAxis: { ...hidden, inverse: true, data: Array.from({ length: grid.rows }, (_, i) => i) },
    visualMap: {
      type: "continuous", orient: "horizontal", left: "center", bottom: 0, itemWidth: 8, itemHeight: Math.min(150, frame.width * 0.5), calculable: false, hoverLink: false,
      textGap: 8, textStyle: { color: frame.colours.muted, fontSize: 11 }, ...visualMap,
    },
    tooltip: tooltip(({ value: [column, row, value] }) => tipOf(row * grid.columns + column, value)),
    series: [{
      type: "heatmap", data: cells(values, grid), progressive: 0,
      itemStyle: { borderColor: frame.colours.panel, borderWidth: side > 8 ? 1 : 0 },
      emphasis: { itemStyle: { borderColor: frame.colours.ink, borderWidth: 1 } },
    }],
  };
}

function heatOption(explanation, output, model, frame) {
  if (!model.grid) return null;
  const values = explanation.contributions[output];
  const largest = Math.max(1e-12, ...values.map(Math.abs));
  const c = frame.colours;
  return imageOption(values, model.grid, frame, {
    min: -largest, max: largest, text: [signed(largest, 2), signed(-largest, 2)],
    inRange: { color: c.theme === "dark" ? ["#8cc4ff", "#2f6fb5", "#20262f", "#b35a12", "#ffb36b"] : ["#124e8f", "#7fb0de", "#f4f4f2", "#f0a766", "#a34404"] },
  }, (k, value) => tip(model.features[k] ?? "", [["contribution", signed(value, 4)], ["raw value", raw(explanation.features[k])]]));
}

function inputOption(explanation, model, frame) {
  if (!model.grid) return null;
  const [low, high] = extent(explanation.features) ?? [0, 1];
  return imageOption(explanation.features, model.grid, frame, {
    min: low, max: high === low ? low + 1 : high, text: [raw(high), raw(low)],
    inRange: { color: frame.colours.theme === "dark" ? ["#20262f", "#e8ecf2"] : ["#f4f4f2", "#1c232d"] },
  }, (k, value) => tip(model.features[k] ?? "", [["raw value", raw(value)]]));
}

function tableOf(explanation, model, output, name) {
  if (!explanation || !model) return { caption: "No record", head: [], rows: [] };
  const contributions = explanation.contributions[output];
  const order = contributions.map((_, k) => k).sort((a, b) => Math.abs(contributions[b]) - Math.abs(contributions[a])).slice(0, 300);
  return {
    caption: `Contributions to ${name} of ${explanation.id}${contributions.length > 300 ? ", the 300 largest" : ""}`,
    head: ["Feature", "Raw value", "Contribution", explanation.reduction],
    rows: order.map((k) => [model.features[k] ?? String(k), raw(explanation.features[k]), signed(contributions[k], 4), number(explanation.reduced?.[k], 4)]),
  };
}
