package io.attribution.benchmarks.engine;

/**
 * One configuration as JMH measured it.
 *
 * @param what jacobians, or attributions
 * @param seconds median of one call
 * @param operations of z and J for one row
 * @param sgemm the machine's rate between the iterations, operations per second
 */
record JmhRow(
    String encoder,
    String engine,
    int batch,
    String what,
    double seconds,
    long operations,
    double sgemm) {

  double rowsPerSecond() {
    return batch / seconds;
  }

  /** Operations per second. */
  double rate() {
    return operations * rowsPerSecond();
  }
}
