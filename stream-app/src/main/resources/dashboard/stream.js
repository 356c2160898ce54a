/**
 * Server-sent events with a state that can be shown. Reconnects by itself, later and later up to 15 s: browsers give up
 * after an HTTP error, and hammer a server that refuses. The server sends `operations` every second, so silence means
 * that something is wrong even while the connection stands.
 *
 * @typedef {import("./types.js").Connection} Connection
 */

/** Silence after which what is shown is called stale, in ms. */
const STALE = 5000;
/** Silence after which the connection is given up and made anew, in ms. */
const DEAD = 20_000;
const EVENTS = ["hello", "samples", "batches", "windows", "alert", "top", "operations"];

export class LiveStream {
  #url;
  #receive;
  #report;
  #world;
  #source = null;
  #timer = null;
  #attempt = 0;
  #lastEvent = 0;
  #opened = 0;
  #state = /** @type {Connection} */ ({ kind: "connecting", since: 0, attempt: 0 });

  /**
   * @param {{url: string, receive: (event: string, data: any) => void, report: (state: Connection) => void}} stream
   * @param {{open: (url: string) => EventSource, now: () => number, later: (f: () => void, ms: number) => any,
   *   cancel: (timer: any) => void}} world
   */
  constructor({ url, receive, report }, world) {
    this.#url = url;
    this.#receive = receive;
    this.#report = report;
    this.#world = world;
  }

  start() {
    this.#lastEvent = this.#world.now();
    this.#set("connecting");
    this.#connect();
  }

  /** Called every second: notices silence. */
  check() {
    const silent = this.#world.now() - this.#lastEvent;
    if (this.#state.kind === "connected" && silent > STALE) this.#set("stale");
    // Also one that never said anything: a proxy that accepts and does not answer gives no error.
    if (this.#source && silent > DEAD && this.#world.now() - this.#opened > DEAD) this.#retry();
  }

  /** Now, not when the pause is over: the reader has come back to the page, or asked for it. */
  hurry() {
    if (this.#state.kind !== "reconnecting" || this.#timer === null) return;
    this.#world.cancel(this.#timer);
    this.#timer = null;
    this.#connect();
  }

  stop() {
    if (this.#timer !== null) this.#world.cancel(this.#timer);
    this.#timer = null;
    this.#source?.close();
    this.#source = null;
  }

  #connect() {
    const source = this.#world.open(this.#url);
    this.#source = source;
    this.#opened = this.#world.now();
    source.onerror = () => {
      if (source === this.#source) this.#retry();
    };
    for (const event of EVENTS) {
      source.addEventListener(event, (message) => {
        if (source === this.#source) this.#accept(event, message.data);
      });
    }
  }

  #accept(event, text) {
    this.#lastEvent = this.#world.now();
    this.#attempt = 0;
    if (this.#state.kind !== "connected") this.#set("connected");
    let data;
    try {
      data = JSON.parse(text);
    } catch {
      console.warn(`the server sent a ${event} event that is not JSON`);
      return;
    }
    this.#receive(event, data);
  }

  #retry() {
    this.stop();
    this.#attempt++;
    this.#set("reconnecting");
    const pause = Math.min(15_000, 1000 * 2 ** Math.min(this.#attempt - 1, 4));
    this.#timer = this.#world.later(() => {
      this.#timer = null;
      this.#connect();
    }, pause);
  }

  #set(kind) {
    const since = kind === "connected" ? this.#world.now() : this.#lastEvent;
    this.#state = { kind, since, attempt: this.#attempt };
    this.#report(this.#state);
  }
}
