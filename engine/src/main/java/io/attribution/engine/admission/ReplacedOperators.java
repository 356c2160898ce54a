package io.attribution.engine.admission;

import io.attribution.engine.bundle.BundleException;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.internal.jacobian.JacobianEngine;
import io.attribution.engine.internal.jacobian.Probe;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.runtime.EngineKind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares an encoder as it is with the same one in a form that should be faster. */
final class ReplacedOperators {
  private static final Logger LOG = LoggerFactory.getLogger(ReplacedOperators.class);

  private static final int TIMED_ROWS = 256;
  private static final int TURNS = 3;

  /** After so long there is no further turn. */
  private static final long TURNS_NANOS = 1_000_000_000;

  /** Bounds the Jacobians that are compared: 64 MiB each. */
  private static final int MOST_FLOATS = 1 << 24;

  private ReplacedOperators() {}

  /**
   * Of the time of the encoder as it is. A derivative of its graph saves most where rows are few,
   * and may take somewhat longer where they are many.
   */
  private static final double MOST_TIME = 1.25;

  /**
   * What runs.
   *
   * @param refused why its faster form does not, where there is one
   */
  record Taken(JacobianEngine engine, Optional<String> refused) {}

  /**
   * The engine's faster form, if there is one, it agrees, and it is faster. Else the engine; what
   * is wrong with the encoder itself is left to the checks that follow.
   *
   * @param engine closed unless it is returned
   * @param probes e, (n, K), rows to compare with
   */
  static Taken fastest(ModelBundle bundle, JacobianEngine engine, FloatMatrix probes) {
    Optional<JacobianEngine> faster = Optional.empty();
    Optional<String> refused = Optional.of("was not compared");
    try {
      faster = engine.faster();
      if (faster.isEmpty()) {
        return new Taken(engine, Optional.empty());
      }
      refused = refusal(bundle, engine, faster.get(), probes);
    } catch (BundleException e) {
      LOG.debug("{}: not compared", bundle.directory(), e);
    } finally {
      if (refused.isPresent()) {
        faster.ifPresent(JacobianEngine::close);
      }
    }
    if (refused.isPresent()) {
      LOG.info(
          "{}: the encoder runs as it is: its faster form {}", bundle.directory(), refused.get());
      return new Taken(engine, refused);
    }
    engine.close();
    return new Taken(faster.orElseThrow(), Optional.empty());
  }

  /** On the probe rows, and on as many copies of them as make products as large as in a stream. */
  private static Optional<String> refusal(
      ModelBundle bundle, JacobianEngine engine, JacobianEngine faster, FloatMatrix probes) {
    Candidate given = new Candidate(bundle, engine);
    List<float[]> finite = ProbeRows.finite(probes, given.run(probes));
    if (finite.isEmpty()) {
      return Optional.of("was not compared");
    }
    long most = MOST_FLOATS / ((long) bundle.outputCount() * bundle.inputSize());
    int many = (int) Math.max(finite.size(), Math.min(engine.preferredRows(), most));
    Candidate other = new Candidate(bundle, faster);
    return difference(given, other, repeated(finite, finite.size()))
        .or(() -> difference(given, other, repeated(finite, many)))
        .or(
            () ->
                faster.kind() == EngineKind.GRAPH
                    ? slowness(given, other, repeated(finite, Math.min(many, TIMED_ROWS)))
                    : Optional.empty());
  }

  private static Optional<String> slowness(Candidate given, Candidate faster, FloatMatrix rows) {
    long givenNanos = Long.MAX_VALUE;
    long fasterNanos = Long.MAX_VALUE;
    long first = System.nanoTime();
    for (int turn = 0; turn < TURNS && System.nanoTime() - first < TURNS_NANOS; turn++) {
      givenNanos = Math.min(givenNanos, time(given, rows));
      fasterNanos = Math.min(fasterNanos, time(faster, rows));
    }
    return fasterNanos <= MOST_TIME * givenNanos
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT, "takes %.1f times as long here", (double) fasterNanos / givenNanos));
  }

  private static long time(Candidate candidate, FloatMatrix rows) {
    long start = System.nanoTime();
    Probe unused = candidate.run(rows);
    return System.nanoTime() - start;
  }

  private static FloatMatrix repeated(List<float[]> rows, int count) {
    float[][] repeated = new float[count][];
    for (int i = 0; i < count; i++) {
      repeated[i] = rows.get(i % rows.size());
    }
    return FloatMatrix.of(repeated);
  }

  private static Optional<String> difference(Candidate given, Candidate faster, FloatMatrix rows) {
    Probe answer = given.run(rows);
    try {
      Disagreement found = Disagreement.between(faster.run(rows), answer, 0);
      return found.hasOtherOutputs() || found.hasOtherJacobians(rows.rows())
          ? Optional.of("gives something else on " + rows.rows() + " probe rows")
          : Optional.empty();
    } catch (BundleException e) {
      return Optional.of("fails on " + rows.rows() + " probe rows");
    }
  }
}
