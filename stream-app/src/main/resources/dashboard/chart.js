/**
 * Lines here have no symbols of their own (`symbol: "none"`); their points are scatter series. In ECharts 5.3.1 every
 * symbol of a line keeps the data before it alive, and that the data before it: 17 MB a minute on this page.
 *
 * One ECharts canvas in a box. The canvas renderer and tooltips made of elements need no inline style, so the page runs
 * under `style-src 'self'`.
 */
import { el } from "./dom.js";
import { colours, onTheme } from "./theme.js";

/**
 * @typedef {{colours: Record<string, string>, width: number, height: number, narrow: boolean}} Frame
 * @typedef {import("./schedule.js").Schedule} Schedule
 */
export class Chart {
  #box;
  #schedule;
  #build;
  #chart = null;
  #clicks = [];
  #seen = false;
  #pointer = /** @type {{x: number, y: number} | null} */ (null);
  #task;

  /**
   * @param {HTMLElement} box @param {Schedule} schedule
   * @param {(frame: Frame) => object | null} build an ECharts option; null: nothing to show
   */
  constructor(box, schedule, build) {
    this.#box = box;
    this.#schedule = schedule;
    this.#build = build;
    this.#task = { draw: () => this.#draw(), visible: () => this.#seen };
    new IntersectionObserver((entries) => {
      this.#seen = entries.at(-1).isIntersecting;
      if (this.#seen) schedule.wake();
    }, { rootMargin: "100px" }).observe(box);
    new ResizeObserver(() => this.request(true)).observe(box);
    onTheme(() => this.request(true));
  }

  /** @param {boolean} urgent the reader asked for it */
  request(urgent = false) {
    this.#schedule.request(this.#task, urgent);
  }

  /** @param {(params: any) => void} listener of clicks on marks */
  onClick(listener) {
    this.#clicks.push(listener);
  }

  #draw() {
    const width = this.#box.clientWidth;
    const height = this.#box.clientHeight;
    if (width === 0 || height === 0) return;
    const option = this.#build({ colours: colours(), width, height, narrow: width < 480 });
    if (option === null) {
      this.#chart?.clear();
      return;
    }
    if (!globalThis.echarts) return; // the tables below the charts still work
    if (!this.#chart) {
      this.#chart = globalThis.echarts.init(this.#box, null, { renderer: "canvas" });
      this.#chart.on("click", (params) => this.#clicks.forEach((listener) => listener(params)));
      this.#chart.getZr().on("mousemove", ({ offsetX: x, offsetY: y }) => {
        this.#pointer = { x, y };
      });
      this.#chart.getZr().on("globalout", () => {
        this.#pointer = null;
      });
    }
    if (this.#chart.getWidth() !== width || this.#chart.getHeight() !== height) this.#chart.resize({ width, height });
    this.#chart.setOption({ ...base(), ...option }, { notMerge: true });
    // New data takes tooltip and emphasis away; a resting pointer gets those of what is under it now.
    if (this.#pointer) {
      const renderer = this.#chart.getZr();
      renderer.flush();
      renderer.handler.dispatch("mousemove", { zrX: this.#pointer.x, zrY: this.#pointer.y });
    }
  }
}

/** What all charts share. */
function base() {
  const c = colours();
  return { animation: false, textStyle: { fontFamily: c.font, fontSize: 12, color: c.ink }, backgroundColor: "transparent" };
}

/** An axis in the style of the page. @param {object} more */
export function axis(more = {}) {
  const c = colours();
  const { axisLabel, splitLine, axisLine, nameTextStyle, ...rest } = more;
  return {
    axisLine: { show: false, onZero: false, ...axisLine, lineStyle: { color: c.line, ...axisLine?.lineStyle } },
    axisTick: { show: false },
    axisLabel: { color: c.muted, fontSize: 11, hideOverlap: true, ...axisLabel },
    splitLine: { show: true, ...splitLine, lineStyle: { color: c.line, width: 1, ...splitLine?.lineStyle } },
    nameTextStyle: { color: c.muted, fontSize: 11, ...nameTextStyle },
    ...rest,
  };
}

/** A tooltip whose content is an element: text from the server stays text. @param {(params: any) => Node | null} content */
export function tooltip(content, more = {}) {
  const c = colours();
  return {
    trigger: "item",
    confine: true, // also avoids the arrow, which ECharts writes as HTML with inline style
    transitionDuration: 0,
    backgroundColor: c.panel,
    borderColor: c.line,
    borderWidth: 1,
    padding: [6, 10],
    textStyle: { color: c.ink, fontSize: 12, fontFamily: c.font },
    formatter: (params) => content(params) ?? "",
    ...more,
  };
}

/** Title and lines of a tooltip. @param {string} title @param {[string, string][]} lines @param {string} [note] */
export function tip(title, lines, note) {
  return el("div", { class: "tip" }, [
    el("strong", { text: title }),
    el("dl", {}, lines.flatMap(([name, value]) => [el("dt", { text: name }), el("dd", { text: value })])),
    note ? el("p", { text: note }) : null,
  ]);
}

/** Braces mean rich text to ECharts; in names they are only characters. @param {string} name */
export function plain(name) {
  return String(name).replaceAll("{", "(").replaceAll("}", ")").replaceAll("|", "\u00a6");
}
