package io.attribution.admission;

import io.attribution.batch.FloatMatrix;
import io.attribution.bundle.BundleException;
import io.attribution.bundle.ModelBundle;
import io.attribution.jacobian.JacobianEngine;
import io.attribution.jacobian.Probe;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares an engine that replaced some of the encoder's operators with the encoder as it is. */
final class ReplacedOperators {
  private static final Logger LOG = LoggerFactory.getLogger(ReplacedOperators.class);

  private ReplacedOperators() {}

  /**
   * The engine, if it gives what the encoder as it is gives; else the encoder as it is. What is
   * wrong with the encoder itself is left to the checks that follow.
   *
   * @param engine closed when another one is returned
   */
  static JacobianEngine trusted(ModelBundle bundle, JacobianEngine engine) {
    if (engine.isAsGiven()) {
      return engine;
    }
    JacobianEngine given = engine.asGiven();
    if (agree(new Candidate(bundle, engine), new Candidate(bundle, given))) {
      given.close();
      return engine;
    }
    LOG.info("{}: encoder.pt: runs as it is, without faster operators", bundle.directory());
    engine.close();
    return given;
  }

  private static boolean agree(Candidate replaced, Candidate given) {
    try {
      FloatMatrix probes = ProbeRows.of(given.bundle().inputSize());
      List<float[]> finite = ProbeRows.finite(probes, given.run(probes));
      if (finite.isEmpty()) {
        return false;
      }
      FloatMatrix rows = FloatMatrix.of(finite.toArray(float[][]::new));
      Probe answer = given.run(rows);
      Disagreement difference = Disagreement.between(replaced.run(rows), answer, 0);
      return !difference.hasOtherOutputs() && !difference.hasOtherJacobians(rows.rows());
    } catch (BundleException e) {
      return false;
    }
  }
}
