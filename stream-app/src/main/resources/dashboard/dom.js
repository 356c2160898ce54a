/** Elements without innerHTML: what the server sends is always text. */

/**
 * @param {string} tag @param {Record<string, any>} properties class, text, on*: listener, anything else: attribute
 * @param {(Node | string | null | undefined | false)[]} children
 */
export function el(tag, properties = {}, children = []) {
  return fill(document.createElement(tag), properties, children);
}

/** The same for SVG. */
export function svg(tag, properties = {}, children = []) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), properties, children);
}

function fill(element, properties, children) {
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "text") element.textContent = value;
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** @param {string} id */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}

/** Sets text only where it differs: screen readers and selections are left in peace. @param {Element} element */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * A choice of few as radio buttons in a row, of many as a list. Rebuilt only where the options change.
 * @param {HTMLElement} host @param {{label: string, options: {value: string, text: string}[], value: string,
 *   choose: (value: string) => void, most?: number}} choice
 */
export function choice(host, { label, options, value, choose, most = 4 }) {
  const shape = JSON.stringify([label, options]);
  if (host.dataset.shape !== shape) {
    host.dataset.shape = shape;
    host.replaceChildren(options.length <= most ? radios(label, options, choose) : select(label, options, choose));
  }
  host.hidden = options.length < 2;
  for (const input of host.querySelectorAll("input")) input.checked = input.value === value;
  for (const list of host.querySelectorAll("select")) if (list.value !== value) list.value = value;
}

let groups = 0;

function radios(label, options, choose) {
  const name = `choice-${++groups}`;
  return el("fieldset", { class: "segments" }, [
    el("legend", { class: "quiet", text: label }),
    ...options.map(({ value, text }) => el("label", {}, [
      el("input", { type: "radio", name, value, onchange: () => choose(value) }),
      el("span", { text }),
    ])),
  ]);
}

function select(label, options, choose) {
  return el("label", { class: "select" }, [
    el("span", { text: label }),
    el("select", { onchange: (event) => choose(event.target.value) }, options.map(({ value, text }) => el("option", { value, text }))),
  ]);
}
