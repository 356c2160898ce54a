/** All alerts, newest beginning first, open and resolved. */
import { describeCause, describeKind } from "../alarms.js";
import { byId, el } from "../dom.js";
import { clock, number, span, words } from "../format.js";
import { Panel } from "../panel.js";
import { openButton } from "./banner.js";

/** @param {import("../store.js").Store} store @param {import("../current-record.js").CurrentRecord} record @param {() => void} retry */
export function alerts(store, record, retry) {
  const panel = new Panel(byId("alerts"));
  const list = panel.part(".alert-list");
  let shown = "";
  const draw = () => {
    const all = store.episodes;
    if (all.length === 0) {
      panel.nothing(store.history, "No alerts so far. When an explanation stops adding up, or attributions drift, it is listed here with its probable cause.", retry);
      return;
    }
    panel.ready();
    const open = new Set(store.openAlarms.map((alarm) => alarm.id));
    const key = JSON.stringify([all.map((alert) => [alert.id, alert.state, alert.at]), [...open]]);
    if (key === shown) return;
    shown = key;
    list.replaceChildren(...all.slice(0, 100).map((alert) => entry(alert, record)));
  };
  store.on(["alerts", "history", "models"], draw);
  draw();
}

function entry(alert, record) {
  const kind = describeKind(alert.kind);
  const cause = describeCause(alert.probableCause);
  const isOpen = alert.state === "open";
  const features = (alert.features ?? []).slice(0, 4).map(({ feature, what }) => `${feature} (${words(what)})`);
  return el("li", { "data-state": alert.state, "data-kind": alert.kind }, [
    el("div", { class: "line" }, [
      el("h3", { text: `${kind.short} · ${alert.model} ${alert.version}` }),
      el("span", { class: `tag ${isOpen ? "open" : "resolved"} ${alert.kind === "linearity_error" ? "linearity_error" : ""}`, text: alert.state }),
      el("span", { class: "tag severity", text: words(alert.severity) }),
    ]),
    el("p", { class: "meta", text: isOpen ? `since ${clock(alert.since)}` : `${clock(alert.since)} to ${clock(alert.at)} (${span(alert.at - alert.since)})` }),
    alert.message ? el("p", { text: alert.message }) : null,
    cause ? el("p", { text: `Probable cause: ${cause}` }) : null,
    features.length > 0 ? el("p", { text: `Features: ${features.join(", ")}` }) : null,
    el("p", { class: "meta" }, [
      `Found by ${words(alert.detector)}: ${number(alert.statistic)}, limit ${number(alert.threshold)}`,
      alert.worst ? " · worst record " : "",
      alert.worst ? openButton(alert.worst.id, record) : null,
    ]),
  ]);
}
