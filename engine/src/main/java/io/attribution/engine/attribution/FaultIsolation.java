package io.attribution.engine.attribution;

import io.attribution.engine.attribution.Rejected.Reason;
import io.attribution.engine.matrix.DoubleMatrix;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.runtime.LibTorchReason;
import io.attribution.engine.verification.VerificationSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One outcome per row, whatever happens in a batch. A batch that fails is halved until the rows at
 * fault stand alone. When a row that is known to be good fails as well, the engine is at fault: the
 * failure goes up, and no row is blamed. Safe for use by several threads.
 */
final class FaultIsolation {
  private static final Logger LOG = LoggerFactory.getLogger(FaultIsolation.class);

  /**
   * Relative to its outputs, the rounding of an encoder in float32. Of a row that has moved from
   * its base by less than {@link #NEXT_TO_BASE} it would be a noticeable part.
   */
  private static final double ROUNDING = 1e-6;

  private static final double NEXT_TO_BASE = 0.01;

  private final Route route;
  private final FloatMatrix goodRow;
  private final List<Integer> categories;
  private final HiddenOverflow overflow;

  /**
   * @param goodRow a row that the encoder is made for, (1, D)
   * @param categories the features that are indices
   */
  FaultIsolation(
      Route route, FloatMatrix goodRow, List<Integer> categories, HiddenOverflow overflow) {
    this.route = route;
    this.goodRow = goodRow;
    this.categories = List.copyOf(categories);
    this.overflow = overflow;
  }

  /**
   * @param features x, (n, D)
   * @param results memory for n rows, which the outcomes refer to
   * @return n outcomes in the order of the rows
   * @throws RuntimeException when the engine fails for every row, good ones included
   */
  List<Outcome> explain(FloatMatrix features, Attributions results) {
    List<Outcome> outcomes = new ArrayList<>(features.rows());
    explainInto(outcomes, features, results);
    return outcomes;
  }

  private void explainInto(List<Outcome> outcomes, FloatMatrix features, Attributions results) {
    if (features.rows() == 0) {
      return;
    }
    try {
      route.attribute(features, results);
    } catch (RuntimeException e) {
      isolate(outcomes, features, results, e);
      return;
    }
    addOutcomes(outcomes, features, results);
  }

  private void addOutcomes(List<Outcome> outcomes, FloatMatrix features, Attributions results) {
    int first = outcomes.size();
    for (int row = 0; row < results.rows(); row++) {
      outcomes.add(outcome(features, results, row));
    }
    overflow.reject(features, results, outcomes.subList(first, outcomes.size()));
  }

  private void isolate(
      List<Outcome> outcomes,
      FloatMatrix features,
      Attributions results,
      RuntimeException failure) {
    if (features.rows() == 1) {
      // Into the row's own memory: overwritten by the second try, or not read.
      route.attribute(goodRow, results);
      secondTry(outcomes, features, results);
      return;
    }
    LOG.info(
        "a batch of {} rows failed and is halved: {}", features.rows(), LibTorchReason.of(failure));
    int rows = features.rows();
    int middle = rows / 2;
    explainInto(outcomes, features.slice(0, middle), results.slice(0, middle));
    explainInto(outcomes, features.slice(middle, rows), results.slice(middle, rows));
  }

  /** The engine may have failed for a moment only, for example where memory was short. */
  private void secondTry(List<Outcome> outcomes, FloatMatrix row, Attributions results) {
    try {
      route.attribute(row, results);
    } catch (RuntimeException e) {
      outcomes.add(
          notFinite(row, 0, "feature")
              .map(input -> new Rejected(Reason.NOT_FINITE, input))
              .orElseGet(
                  () -> new Rejected(Reason.ENCODER_FAILED, LibTorchReason.of(e) + indices(row))));
      return;
    }
    addOutcomes(outcomes, row, results);
  }

  /** What a row looks up: most often it is one of these that the encoder refuses. */
  private String indices(FloatMatrix row) {
    return categories.isEmpty()
        ? ""
        : categories.stream()
            .map(feature -> "feature " + feature + " is " + number(row.get(0, feature)))
            .collect(Collectors.joining(", ", "; of its indices ", ""));
  }

  private static String number(float value) {
    return value == Math.rint(value) && Math.abs(value) < 1 << 24
        ? Integer.toString((int) value)
        : Float.toString(value);
  }

  private static Outcome outcome(FloatMatrix features, Attributions results, int row) {
    if (Float.isFinite(results.check().get(row, 0))) {
      return attributed(results, row);
    }
    Optional<String> input = notFinite(features, row, "feature");
    if (input.isPresent()) {
      return new Rejected(Reason.NOT_FINITE, input.get());
    }
    return notFinite(results, row)
        .<Outcome>map(overflow -> new Rejected(Reason.RESULT_NOT_FINITE, overflow))
        .orElseGet(() -> attributed(results, row));
  }

  private static Attributed attributed(Attributions results, int row) {
    return new Attributed(
        results,
        row,
        VerificationSummary.ofRow(
            results.exact(), results.reconstruction(), row, rounding(results, row)));
  }

  /** In the unit of the outputs; 0 unless a row's outputs are next to its base. */
  private static double rounding(Attributions results, int row) {
    if (results.base().isEmpty()) {
      return 0;
    }
    double change = 0;
    double largest = 0;
    for (int output = 0; output < results.embedding().columns(); output++) {
      change = Math.max(change, Math.abs(results.exact().get(row, output)));
      largest =
          Math.max(
              largest,
              Math.max(
                  Math.abs(results.embedding().get(row, output)),
                  Math.abs(results.base().get().get(row, output))));
    }
    return change < NEXT_TO_BASE * largest ? ROUNDING * largest : 0;
  }

  /** Contributions and their norms overflow for rows whose outputs are still finite. */
  private static Optional<String> notFinite(Attributions results, int row) {
    return Stream.of(
            notFinite(results.embedding(), row, "output"),
            notFinite(results.reconstruction(), row),
            results.base().flatMap(b -> notFinite(b, row, "base of output")),
            results.contributions().flatMap(c -> notFinite(c, row, "contribution")),
            results.reduced().flatMap(r -> notFinite(r, row, "reduced contribution")))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> notFinite(FloatMatrix matrix, int row, String what) {
    OptionalInt column = matrix.firstNotFinite(row);
    return column.isPresent()
        ? Optional.of(what + " " + column.getAsInt() + " is " + matrix.get(row, column.getAsInt()))
        : Optional.empty();
  }

  private static Optional<String> notFinite(DoubleMatrix matrix, int row) {
    return IntStream.range(0, matrix.columns())
        .filter(column -> !Double.isFinite(matrix.get(row, column)))
        .mapToObj(column -> "reconstruction of output " + column + " is " + matrix.get(row, column))
        .findFirst();
  }
}
