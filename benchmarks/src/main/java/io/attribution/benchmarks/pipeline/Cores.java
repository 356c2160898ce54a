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
   * @param machine all processes together, those of others too
   */
  record Busy(double subject, double broker, double harness, double machine) {
    /** Whatever else ran on the machine and disturbed. */
    double others() {
      return Math.max(0, machine - subject - broker - harness);
    }

    Busy since(Busy before, double seconds) {
      return new Busy(
          (subject - before.subject) / seconds,
          (broker - before.broker) / seconds,
          (harness - before.harness) / seconds,
          (machine - before.machine) / seconds);
    }
  }

  Cores(ProcessTree subject, ProcessTree broker) {
    this.subject = subject;
    this.broker = broker;
    this.before = secondsOf(subject, broker);
  }

  /** CPU seconds used so far. */
  static Busy secondsOf(ProcessTree subject, ProcessTree broker) {
    return new Busy(
        subject.usage().cpuSeconds(),
        broker.usage().cpuSeconds(),
        ProcessTree.self().ownUsage().cpuSeconds(),
        ProcFiles.machineSeconds());
  }

  Busy sinceStart() {
    double wall = (System.nanoTime() - startNanos) / 1e9;
    return secondsOf(subject, broker).since(before, wall);
  }
}
