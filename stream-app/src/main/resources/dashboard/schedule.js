/**
 * Draws what is dirty, in an animation frame: each task at most once per interval, only while it can be seen, and
 * nothing while the page is hidden or paused.
 *
 * @typedef {{draw: () => void, visible: () => boolean}} Task
 */
export class Schedule {
  #dirty = /** @type {Set<Task>} */ (new Set());
  #last = /** @type {WeakMap<Task, number>} */ (new WeakMap());
  #planned = false;
  #timer = null;
  #paused = false;
  #clock;

  /**
   * @param {{interval: () => number, now: () => number, hidden: () => boolean, frame: (f: () => void) => unknown,
   *   later: (f: () => void, ms: number) => unknown, cancel: (timer: any) => void}} clock
   */
  constructor(clock) {
    this.#clock = clock;
  }

  /** @param {Task} task @param {boolean} urgent a reader asked for it: do not wait for the interval */
  request(task, urgent = false) {
    if (urgent) this.#last.delete(task);
    this.#dirty.add(task);
    this.wake(urgent);
  }

  /** Something that held drawing back has ended: the page is visible again, a panel was scrolled into view. */
  wake(urgent = true) {
    if (urgent && this.#timer !== null) {
      this.#clock.cancel(this.#timer);
      this.#timer = null;
      this.#planned = false;
    }
    if (!this.#planned) this.#plan();
  }

  /** @param {boolean} paused urgent requests are drawn even so */
  pause(paused) {
    this.#paused = paused;
    this.wake();
  }

  get paused() {
    return this.#paused;
  }

  #plan() {
    if (this.#clock.hidden()) return;
    const now = this.#clock.now();
    let wait = Infinity;
    for (const task of this.#dirty) if (this.#isAllowed(task)) wait = Math.min(wait, this.#due(task) - now);
    if (wait === Infinity) return;
    this.#planned = true;
    if (wait <= 0) this.#clock.frame(() => this.#run());
    else this.#timer = this.#clock.later(() => {
      this.#timer = null;
      this.#clock.frame(() => this.#run());
    }, wait);
  }

  #run() {
    this.#planned = false;
    const now = this.#clock.now();
    if (!this.#clock.hidden()) {
      for (const task of [...this.#dirty]) {
        if (!this.#isAllowed(task) || this.#due(task) > now) continue;
        this.#dirty.delete(task);
        this.#last.set(task, now);
        try {
          task.draw();
        } catch (error) {
          console.error("a panel could not be drawn", error);
        }
      }
    }
    if (!this.#planned) this.#plan();
  }

  /** While paused, only what was asked for urgently: that has no last time. */
  #isAllowed(task) {
    return task.visible() && (!this.#paused || !this.#last.has(task));
  }

  #due(task) {
    const last = this.#last.get(task);
    return last === undefined ? -Infinity : last + this.#clock.interval();
  }
}

/** The schedule of a browser's page. */
export function pageSchedule() {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const schedule = new Schedule({
    // The server sends every 500 ms: with an interval as long, what came would wait for its turn, half of it on average.
    interval: () => (calm.matches ? 2000 : 400),
    now: () => performance.now(),
    hidden: () => document.hidden,
    frame: (f) => requestAnimationFrame(f),
    later: (f, ms) => setTimeout(f, ms),
    cancel: (timer) => clearTimeout(timer),
  });
  document.addEventListener("visibilitychange", () => schedule.wake());
  return schedule;
}
