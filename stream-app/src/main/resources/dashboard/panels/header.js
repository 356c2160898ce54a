/** The model, what it is, and whether the page is live. */
import { byId, choice, el, setText } from "../dom.js";
import { clock, count, scientific } from "../format.js";

/** @param {import("../store.js").Store} store */
export function header(store) {
  const facts = byId("facts");
  const chip = byId("connection");
  const text = chip.querySelector(".text");
  let shown = "";

  store.on(["models"], () => {
    const models = store.models;
    choice(byId("model-choice"), {
      label: "Model",
      options: models.map(({ name }) => ({ value: name, text: name })),
      value: store.current?.model.name ?? "",
      choose: (name) => store.chooseModel(name),
      most: 0,
    });
    const model = store.current?.model;
    const shape = JSON.stringify(model ?? null);
    if (shape === shown) return;
    shown = shape;
    document.title = model ? `${model.name} ${model.version} · Attribution Streams` : "Attribution Streams";
    facts.replaceChildren(...(model ? describe(model) : []));
  });
  store.on(["connection"], () => {
    const { kind, since, attempt } = store.connection;
    chip.dataset.kind = kind;
    setText(text, {
      connecting: "Connecting…",
      connected: "Live",
      stale: `Stale since ${clock(since)}`,
      reconnecting: `Reconnecting${attempt > 1 ? ` (try ${attempt})` : ""}, stale since ${clock(since)}`,
    }[kind]);
  });
}

function describe(model) {
  const fact = (name, value, title) => el("div", {}, [el("dt", { text: name }), el("dd", { text: value, title })]);
  return [
    fact("Model", `${model.name} ${model.version}`, `bundle ${model.bundle}`),
    fact("Shape", `${count(model.features.length)} features → ${count(model.outputs.length)} ${model.outputs.length === 1 ? "output" : "outputs"}`),
    fact("Engine", model.engine),
    fact("Contributions", model.exact ? "exact" : "approximate", model.exact
      ? "the contributions of a record add up to its embedding"
      : "gradient × input: the contributions need not add up to the embedding"),
    fact("Tolerance", scientific(model.tolerance, 1)),
  ];
}
