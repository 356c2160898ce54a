package io.attribution.benchmarks.pipeline;

/** How many processors the processes kept busy since this was made. */
final class Cores {
  private final ProcessTree subject;
  private final ProcessTree broker;
  private final long startNanos = System.nanoTime();
  private final Busy before;

  /**
   * Processors busy on average, or seconds of them.
   *
   * @param harness this process: generator and reader
   */
  record Busy(double subject, double broker, double harness) {}

  Cores(ProcessTree subject, ProcessTree broker) {
    this.subject = subject;
    this.broker = broker;
    this.before = seconds();
  }

  private Busy seconds() {
    return new Busy(
        subject.usage().cpuSeconds(),
        broker.usage().cpuSeconds(),
        ProcessTree.self().ownUsage().cpuSeconds());
  }

  Busy sinceStart() {
    double wall = (System.nanoTime() - startNanos) / 1e9;
    Busy now = seconds();
    return new Busy(
        (now.subject() - before.subject()) / wall,
        (now.broker() - before.broker()) / wall,
        (now.harness() - before.harness()) / wall);
  }
}
