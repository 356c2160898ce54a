package io.attribution.demo;

import io.attribution.engine.bundle.ModelBundle;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What the user wants to see.
 *
 * @param home where the examples folder is
 * @param example the example's name
 * @param records stop after so many and check them; absent to go on until told to stop
 * @param rate records per second; absent for what suits
 * @param keep leave everything up after the records
 * @param inject what to break on purpose
 * @param settings of the application, beyond those that the demo decides
 */
public record DemoOptions(
    Path home,
    String example,
    OptionalLong records,
    OptionalDouble rate,
    boolean keep,
    Optional<Injection> inject,
    Map<String, String> settings) {
  private static final double WATCHABLE_RATE = 200;
  private static final double MIN_RATE = 500;
  private static final double RUN_SECONDS = 10;

  /** Time for the reference of attribution drift to fill, and to see that all is well. */
  private static final double HEALTHY_SECONDS = 20;

  /**
   * The first record that is shifted, where the data are to be broken: the very first, where the
   * bundle says what records should look like.
   */
  long shiftFrom(ModelBundle bundle) {
    if (bundle.reference().isPresent()) {
      return 0;
    }
    return records.isPresent()
        ? records.getAsLong() / 2
        : Math.round(HEALTHY_SECONDS * recordsPerSecond());
  }

  /** A view to watch without end, or a run that lasts about ten seconds at most. */
  double recordsPerSecond() {
    return rate.orElseGet(
        () ->
            records.isPresent()
                ? Math.max(MIN_RATE, records.getAsLong() / RUN_SECONDS)
                : WATCHABLE_RATE);
  }
}
