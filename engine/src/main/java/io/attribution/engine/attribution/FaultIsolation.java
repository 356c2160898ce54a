package io.attribution.engine.attribution;

import io.attribution.engine.attribution.Rejected.Reason;
import io.attribution.engine.matrix.DoubleMatrix;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.verification.VerificationSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One outcome per row, whatever happens in a batch. A batch that fails is halved until the rows at
 * fault stand alone; when a row that is known to be good fails as well, the engine is at fault and
 * the failure goes up instead of blaming the rows.
 */
public final class FaultIsolation {
  private static final Logger LOG = LoggerFactory.getLogger(FaultIsolation.class);

  private final BatchFunction attribute;
  private final FloatMatrix goodRow;

  /** Fills the results of a batch; throws a RuntimeException when it cannot. */
  @FunctionalInterface
  public interface BatchFunction {
    void attribute(FloatMatrix features, Attributions results);
  }

  /**
   * @param attribute what to isolate faults of
   * @param goodRow a row that the encoder is made for, (1, D)
   */
  public FaultIsolation(BatchFunction attribute, FloatMatrix goodRow) {
    this.attribute = attribute;
    this.goodRow = goodRow;
  }

  /**
   * @param features x, (n, D), finite
   * @param results room for n rows; the outcomes speak of it, until it is used again
   * @return n outcomes in the order of the rows
   * @throws RuntimeException when the engine fails for every row, good ones included
   */
  public List<Outcome> attribute(FloatMatrix features, Attributions results) {
    List<Outcome> outcomes = new ArrayList<>(features.rows());
    attributeInto(outcomes, features, results);
    return outcomes;
  }

  private void attributeInto(List<Outcome> outcomes, FloatMatrix features, Attributions results) {
    if (features.rows() == 0) {
      return;
    }
    try {
      attribute.attribute(features, results);
    } catch (RuntimeException e) {
      isolate(outcomes, features, results, e);
      return;
    }
    for (int row = 0; row < results.rows(); row++) {
      outcomes.add(outcome(results, row));
    }
  }

  private void isolate(
      List<Outcome> outcomes,
      FloatMatrix features,
      Attributions results,
      RuntimeException failure) {
    if (features.rows() == 1) {
      // The row's own room: what is written there now is written over, or not read.
      attribute.attribute(goodRow, results);
      outcomes.add(secondOpinion(features, results));
      return;
    }
    LOG.info("a batch of {} rows failed and is halved: {}", features.rows(), firstLine(failure));
    int rows = features.rows();
    int middle = rows / 2;
    attributeInto(outcomes, features.slice(0, middle), results.slice(0, middle));
    attributeInto(outcomes, features.slice(middle, rows), results.slice(middle, rows));
  }

  /** The engine may have been at fault for a moment only, as where memory was short. */
  private Outcome secondOpinion(FloatMatrix row, Attributions results) {
    try {
      attribute.attribute(row, results);
    } catch (RuntimeException e) {
      return new Rejected(Reason.ENCODER_FAILED, firstLine(e));
    }
    return outcome(results, 0);
  }

  private static Outcome outcome(Attributions results, int row) {
    Optional<String> overflow = notFinite(results, row);
    if (overflow.isPresent()) {
      return new Rejected(Reason.RESULT_NOT_FINITE, overflow.get());
    }
    return new Attributed(
        results, row, VerificationSummary.ofRow(results.exact(), results.reconstruction(), row));
  }

  /** Contributions and their norms overflow for rows whose outputs are still finite. */
  private static Optional<String> notFinite(Attributions results, int row) {
    if (Float.isFinite(results.check().get(row, 0))) {
      return Optional.empty();
    }
    return Stream.of(
            notFinite(results.embedding(), row, "output"),
            notFinite(results.reconstruction(), row),
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

  private static String firstLine(RuntimeException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.lines().findFirst().orElse(failure.getClass().getSimpleName());
  }
}
