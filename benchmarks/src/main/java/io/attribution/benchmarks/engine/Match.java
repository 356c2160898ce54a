package io.attribution.benchmarks.engine;

import io.attribution.benchmarks.measure.Standings;
import java.util.Map;
import java.util.Optional;

/**
 * What happened when engines, peers and the machine's own matrix product took turns on one batch.
 *
 * @param encoder the encoder
 * @param batch rows
 * @param operations of z and J for one row
 * @param products the machine's own rates in the same turns, operations per second by name
 * @param times seconds per batch, by name
 * @param tuned the settings that were best for a peer, by name
 */
record Match(
    Encoder encoder,
    int batch,
    long operations,
    Map<String, Double> products,
    Standings times,
    Map<String, String> tuned) {

  Match {
    tuned = Map.copyOf(tuned);
    products = Map.copyOf(products);
  }

  /** The machine's own rate: that of the faster product. */
  double sgemm() {
    return products.values().stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }

  double rowsPerSecond(String name) {
    return batch / times.of(name).median();
  }

  /** Operations per second of something that computes z and J exactly once. */
  double rate(String name) {
    return operations * rowsPerSecond(name);
  }

  /** rate / sgemm. */
  Optional<Double> ofMachine(String name) {
    return times.has(name) ? Optional.of(rate(name) / sgemm()) : Optional.empty();
  }

  /** How many times as fast the one is as the other; empty where one of them did not run. */
  Optional<Double> speed(String name, String other) {
    return times.has(name) && times.has(other)
        ? Optional.of(times.of(name).speedOver(times.of(other)))
        : Optional.empty();
  }
}
