package io.attribution.benchmarks.report;

import java.util.Optional;
import picocli.CommandLine.Option;

/** Options of the benchmarks that simulate streams, and show them to peers in Python too. */
public final class Simulated {
  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of all random numbers. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--python",
      description = "Interpreter that has what peers/requirements.txt lists; without, no peers.")
  private Optional<String> python = Optional.empty();

  /** Of all random numbers. */
  public long seed() {
    return seed;
  }

  /** The peers' interpreter. */
  public Optional<String> python() {
    return python;
  }
}
