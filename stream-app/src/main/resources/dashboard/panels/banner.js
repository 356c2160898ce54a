/** The alarms that are open, on top of the page: what it means, since when, why probably, and what to do. */
import { describeCause, describeKind } from "../alarms.js";
import { byId, el, svg } from "../dom.js";
import { clock, words } from "../format.js";

const ICONS = {
  // a broken equality; a wave that has moved
  linearity_error: "M5 9h14M5 15h14M16 4 8 20",
  attribution: "M3 9c3-5 6-5 9 0s6 5 9 0M3 16c3-5 6-5 9 0s6 5 9 0",
  input: "M3 20V10M9 20V4M15 20v-7M21 20V8",
};

/** @param {import("../store.js").Store} store @param {import("../current-record.js").CurrentRecord} record */
export function banner(store, record) {
  const host = byId("banner");
  let shown = "";
  const draw = () => {
    const alarms = store.openAlarms;
    const key = JSON.stringify([alarms.map((alarm) => [alarm.model, alarm.kind, alarm.since, alarm.probableCause, alarm.message]), store.history.state, store.connection.kind]);
    if (key === shown) return;
    shown = key;
    host.replaceChildren(...(alarms.length > 0 ? alarms.map((alarm) => describe(alarm, record)) : [calm(store)]));
  };
  store.on(["alerts", "history", "models", "connection"], draw);
  draw();
}

function describe(alarm, record) {
  const kind = describeKind(alarm.kind);
  const cause = describeCause(alarm.probableCause);
  const features = (alarm.features ?? []).slice(0, 5).map(({ feature }) => feature);
  return el("article", { class: "alarm", "data-kind": alarm.kind }, [
    svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, [svg("path", { d: ICONS[alarm.kind] ?? ICONS.input })]),
    el("h3", { text: kind.title }),
    el("p", { class: "meta", text: `${alarm.model} ${alarm.version} · ${words(alarm.severity)} · since ${clock(alarm.since)}` }),
    alarm.message ? el("p", { text: alarm.message }) : null,
    cause ? el("p", { class: "what" }, [el("b", { text: "Probable cause: " }), cause]) : null,
    features.length > 0 ? el("p", { class: "what" }, [el("b", { text: "Features: " }), features.join(", ") + (alarm.features.length > 5 ? ` and ${alarm.features.length - 5} more` : "")]) : null,
    el("p", { class: "what" }, [el("b", { text: "Meaning: " }), kind.meaning]),
    el("p", { class: "what" }, [el("b", { text: "What to do: " }), kind.action]),
    alarm.worst ? el("p", { class: "what" }, [el("b", { text: "Worst record: " }), openButton(alarm.worst.id, record)]) : null,
  ]);
}

function calm(store) {
  if (store.history.state !== "ready") return "";
  return el("p", { class: "calm" }, [
    svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, [svg("path", { d: "m5 13 4 4L19 7" })]),
    el("span", { text: store.connection.kind === "connected" ? "No open alerts." : "No open alerts known; the view is not live." }),
  ]);
}

/** A button that explains a record and brings it into view. @param {string} id */
export function openButton(id, record) {
  return el("button", { type: "button", class: "link", text: id, "aria-label": `Explain record ${id}`, onclick: () => {
    record.open(id);
    byId("record").scrollIntoView({ block: "nearest" });
  } });
}
