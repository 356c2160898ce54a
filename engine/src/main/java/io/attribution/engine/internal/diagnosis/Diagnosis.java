package io.attribution.engine.internal.diagnosis;

import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.diagnosis.Finding;
import io.attribution.engine.internal.jacobian.JacobianEngine;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.runtime.EngineKind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Why f(e) = J(e)·e no longer holds for a model. A rule names a cause only where its evidence fits
 * no other; a wrong name costs the person on call more than none. See docs/alerts.md.
 */
public final class Diagnosis {
  /** Healthy encoders reach some 1e-6 over a set of rows. */
  private static final double HEALTHY = 1e-5;

  private Diagnosis() {}

  /**
   * Computes some hundred rows: well below a second on two cores for ordinary K and O. Other
   * threads may use the engine meanwhile.
   *
   * @param rows raw feature rows seen lately, (n, D); may be few or none
   */
  public static Finding of(ModelBundle bundle, JacobianEngine engine, FloatMatrix rows) {
    EncoderCode code = code(bundle, engine);
    Evidence evidence;
    try {
      evidence = new Evidence(bundle, engine, code, rows);
    } catch (RuntimeException e) {
      return Finding.unknown(
          "The encoder fails on ordinary inputs (%s); validate the bundle", firstLine(e));
    }
    return of(evidence, new EnginesRule(bundle, engine));
  }

  private static Finding of(Evidence evidence, Rule engines) {
    Optional<Finding> disagreement = engines.judge(evidence);
    if (disagreement.isPresent()) {
      return disagreement.get();
    }
    if (!evidence.typical().isFinite()) {
      return Finding.unknown("Outputs or Jacobians of ordinary inputs are not finite");
    }
    if (evidence.error() <= HEALTHY) {
      return Finding.unknown(
          "f(e) = J(e)·e holds within %.1e at %d rows: nothing is wrong with the encoder now",
          evidence.error(), evidence.typical().rows());
    }
    return List.of(
            new VarianceRule(), new PrecisionRule(), new ConstantRule(), new SaturationRule())
        .stream()
        .map(rule -> rule.judge(evidence))
        .flatMap(Optional::stream)
        .findFirst()
        .orElseGet(() -> unknown(evidence));
  }

  private static Finding unknown(Evidence e) {
    return Finding.unknown(
        "f(e) and J(e)·e differ by %.1e relative (%.1e for inputs a hundredth, %.1e for inputs a"
            + " thousand times as large), f(0) = %.2g, and this fits no single cause%s",
        e.error(), e.error(0.01), e.error(1000), e.atZero(), suspects(e.code()));
  }

  private static String suspects(EncoderCode code) {
    Set<String> suspects = new TreeSet<>(code.curvedOrStrange());
    suspects.addAll(code.saturating());
    if (code.hasBias()) {
      suspects.add("a bias");
    }
    if (code.hasLiveVariance()) {
      suspects.add("a layer norm that is not detached");
    }
    return suspects.isEmpty()
        ? ""
        : String.format(Locale.ROOT, "; the encoder's code has %s", String.join(", ", suspects));
  }

  /** A file that changed since it was loaded is not what runs. */
  private static EncoderCode code(ModelBundle bundle, JacobianEngine engine) {
    if (engine.kind() != EngineKind.AUTOGRAD && bundle.layers().isPresent()) {
      return EncoderCode.of(bundle.layers().get());
    }
    if (bundle.graph().isPresent()) {
      return EncoderCode.of(bundle.graph().get());
    }
    return bundle.encoder().isPresent() && bundle.isUnchanged()
        ? EncoderCode.of(bundle.encoder().get())
        : EncoderCode.unreadable();
  }

  private static String firstLine(RuntimeException e) {
    return String.valueOf(e.getMessage()).strip().lines().findFirst().orElse("no message");
  }
}
