/** Puts the page together: store, stream, panels. */
import { address, ApiError, get } from "./api.js";
import { CurrentRecord } from "./current-record.js";
import { byId } from "./dom.js";
import { alerts } from "./panels/alerts.js";
import { banner } from "./panels/banner.js";
import { controlChart } from "./panels/control-chart.js";
import { embedding } from "./panels/embedding.js";
import { header } from "./panels/header.js";
import { lookup } from "./panels/lookup.js";
import { operations } from "./panels/operations.js";
import { parity } from "./panels/parity.js";
import { rank } from "./panels/rank.js";
import { topFeatures } from "./panels/top-features.js";
import { waterfall } from "./panels/waterfall.js";
import { pageSchedule } from "./schedule.js";
import { LIMITS, Store } from "./store.js";
import { LiveStream } from "./stream.js";
import { themeToggle } from "./theme.js";

const store = new Store();
const schedule = pageSchedule();
const record = new CurrentRecord(store);
let reading = /** @type {Promise<void> | null} */ (null);

themeToggle(/** @type {HTMLButtonElement} */ (byId("theme")));
pauseToggle(/** @type {HTMLButtonElement} */ (byId("pause")));
byId("zone").textContent = Intl.DateTimeFormat().resolvedOptions().timeZone;
byId("library-missing").hidden = Boolean(globalThis.echarts);

header(store);
banner(store, record);
operations(store, schedule, readHistory);
waterfall(store, record, schedule, readHistory);
lookup(record);
embedding(store, record, schedule, readHistory);
controlChart(store, record, schedule, readHistory);
alerts(store, record, readHistory);
topFeatures(store, schedule, readHistory);
rank(store, schedule, readHistory);
parity(store, record, schedule, readHistory);

const RECEIVE = {
  hello: (data) => {
    store.setModels(data?.models);
    readHistory(); // also after a reconnection: events were missed
  },
  samples: (data) => store.addSamples(data),
  batches: (data) => store.addBatches(data),
  windows: (data) => store.addWindows(data),
  alert: (data) => store.addAlerts([data].flat()),
  top: (data) => store.addTop(data),
  operations: (data) => store.addOperations(data),
};

const stream = new LiveStream({
  url: address("stream").href,
  receive: (event, data) => RECEIVE[event]?.(data),
  report: (connection) => store.setConnection(connection),
}, {
  open: (url) => new EventSource(url),
  now: () => Date.now(),
  later: (f, ms) => setTimeout(f, ms),
  cancel: (timer) => clearTimeout(timer),
});
readHistory();
stream.start();
setInterval(() => stream.check(), 1000);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) stream.hurry();
});
openFromAddress();
addEventListener("hashchange", openFromAddress);

/** What happened before the page was opened, or while it was cut off. One reading at a time. */
function readHistory() {
  reading ??= readAll().finally(() => {
    reading = null;
  });
  return reading;
}

async function readAll() {
  if (store.history.state === "error") store.setHistory("loading");
  try {
    const models = await get("models");
    store.setModels(models);
    const [known, figures] = await Promise.all([get("alerts", { limit: LIMITS.alerts }), get("operations"), ...store.models.map(readModel)]);
    store.addAlerts([...known].reverse());
    store.addOperations(figures);
    store.setHistory("ready");
  } catch (error) {
    store.setHistory("error", error instanceof ApiError ? error.message : "The server sent something this page does not understand.");
    if (!(error instanceof ApiError)) console.error(error);
  }
}

async function readModel({ name: model }) {
  const [samples, batches, windows, top] = await Promise.all([
    get("explanations", { model, limit: 200 }), get("verification/batches", { model, limit: 2000 }),
    get("verification/windows", { model, limit: 100 }), get("features/top", { model, limit: 20 }),
  ]);
  store.addSamples([...samples].reverse());
  store.replaceBatches(batches);
  store.addWindows(windows);
  store.addTop(top);
}

/** #record=features-0@12 opens a record: links in alerts and tickets. */
function openFromAddress() {
  const id = new URLSearchParams(location.hash.slice(1)).get("record");
  if (id) record.open(id);
}

function pauseToggle(button) {
  button.addEventListener("click", () => {
    schedule.pause(!schedule.paused);
    button.setAttribute("aria-pressed", String(schedule.paused));
    button.textContent = schedule.paused ? "Resume" : "Pause";
  });
}
