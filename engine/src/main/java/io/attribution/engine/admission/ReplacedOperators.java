package io.attribution.engine.admission;

import io.attribution.engine.bundle.BundleException;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.internal.jacobian.JacobianEngine;
import io.attribution.engine.internal.jacobian.Probe;
import io.attribution.engine.matrix.FloatMatrix;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares an encoder as it is with the same one with faster operators. */
final class ReplacedOperators {
  private static final Logger LOG = LoggerFactory.getLogger(ReplacedOperators.class);

  /** Bounds the Jacobians that are compared: 64 MiB each. */
  private static final int MOST_FLOATS = 1 << 24;

  private ReplacedOperators() {}

  /**
   * The engine's faster form, if there is one and it agrees. Else the engine; what is wrong with
   * the encoder itself is left to the checks that follow.
   *
   * @param engine closed unless it is returned
   */
  static JacobianEngine fastest(ModelBundle bundle, JacobianEngine engine) {
    Optional<JacobianEngine> faster = Optional.empty();
    boolean agree = false;
    try {
      faster = engine.faster();
      agree = faster.isPresent() && agree(bundle, engine, faster.get());
    } catch (BundleException e) {
      LOG.debug("{}: not compared", bundle.directory(), e);
    } finally {
      if (!agree) {
        faster.ifPresent(JacobianEngine::close);
      }
    }
    if (!agree) {
      return engine;
    }
    engine.close();
    return faster.orElseThrow();
  }

  /** On the probe rows, and on as many copies of them as make products as large as in a stream. */
  private static boolean agree(ModelBundle bundle, JacobianEngine engine, JacobianEngine faster) {
    Candidate given = new Candidate(bundle, engine);
    FloatMatrix probes = ProbeRows.of(bundle);
    List<float[]> finite = ProbeRows.finite(probes, given.run(probes));
    if (finite.isEmpty()) {
      return false;
    }
    long most = MOST_FLOATS / ((long) bundle.outputCount() * bundle.inputSize());
    int many = (int) Math.max(finite.size(), Math.min(engine.preferredRows(), most));
    return agree(given, new Candidate(bundle, faster), repeated(finite, finite.size()))
        && agree(given, new Candidate(bundle, faster), repeated(finite, many));
  }

  private static FloatMatrix repeated(List<float[]> rows, int count) {
    float[][] repeated = new float[count][];
    for (int i = 0; i < count; i++) {
      repeated[i] = rows.get(i % rows.size());
    }
    return FloatMatrix.of(repeated);
  }

  private static boolean agree(Candidate given, Candidate faster, FloatMatrix rows) {
    Probe answer = given.run(rows);
    String difference;
    try {
      Disagreement found = Disagreement.between(faster.run(rows), answer, 0);
      if (!found.hasOtherOutputs() && !found.hasOtherJacobians(rows.rows())) {
        return true;
      }
      difference = "give something else on " + rows.rows() + " probe rows";
    } catch (BundleException e) {
      difference = "fail on " + rows.rows() + " probe rows";
    }
    LOG.info(
        "{}: the encoder runs as it is: faster operators {}",
        given.bundle().directory(),
        difference);
    return false;
  }
}
