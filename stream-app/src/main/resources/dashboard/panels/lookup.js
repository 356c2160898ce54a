/** Finds a record by position, record ID or key. */
import { ApiError, get } from "../api.js";
import { byId, setText } from "../dom.js";

const EXAMPLES = { id: "features-0@1284", recordId: "order-4711", key: "customer-42" };

/** @param {import("../current-record.js").CurrentRecord} record */
export function lookup(record) {
  const form = /** @type {HTMLFormElement} */ (byId("record").querySelector(".lookup"));
  const { by, what } = form.elements;
  const answer = form.querySelector(".answer");
  by.addEventListener("change", () => what.setAttribute("placeholder", EXAMPLES[by.value]));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = what.value.trim();
    if (text === "") return;
    setText(answer, "");
    if (by.value === "id") {
      if (/^.+-\d+@\d+$/.test(text)) record.open(text);
      else setText(answer, "A position is topic-partition@offset, for example features-0@1284.");
      return;
    }
    try {
      const found = await get("explanations/find", { [by.value]: text });
      record.open(found.id);
    } catch (error) {
      setText(answer, error instanceof ApiError ? error.message : "The search failed.");
    }
  });
}
