package io.attribution.admission;

import io.attribution.batch.FloatMatrix;
import io.attribution.bundle.BundleException;
import io.attribution.bundle.ModelBundle;
import io.attribution.jacobian.EncoderShapeException;
import io.attribution.jacobian.EngineKind;
import io.attribution.jacobian.JacobianEngine;
import io.attribution.jacobian.Probe;
import io.attribution.verification.VerificationSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a bundle must pass before it explains a record: its encoder runs, gives one row of finite
 * outputs per row, treats rows independently, and agrees with its own layers. Then f(e) is compared
 * with J(e)·e, which labels the bundle exact or approximate.
 */
public final class AdmissionCheck {
  /** Two right float32 computations of a row differ by about 1e-6; wrong ones by far more. */
  private static final double AGREEMENT = 1e-3;

  /** Rows near a kink, where two right Jacobians may differ. */
  private static final double KINK_SHARE = 0.05;

  private final ModelBundle bundle;
  private final List<String> checks = new ArrayList<>();

  private AdmissionCheck(ModelBundle bundle) {
    this.bundle = bundle;
  }

  /**
   * Runs every check.
   *
   * @return the model, its engine open
   * @throws BundleException when a check fails; says which and why
   */
  public static AdmittedModel admit(ModelBundle bundle, EngineKind kind) {
    JacobianEngine engine = kind.open(bundle);
    try {
      return new AdmissionCheck(bundle).admit(engine);
    } catch (RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  private AdmittedModel admit(JacobianEngine engine) {
    FloatMatrix rows = ProbeRows.of(bundle.inputSize());
    Probe probe = run(engine, rows);
    requireShape(engine, probe);
    checks.add(
        "n rows of shape " + bundle.inputShape() + " give (n, " + bundle.outputCount() + ")");
    FloatMatrix finite = checkFinite(engine, rows, probe);
    Probe reference = run(engine, finite);
    checkRepeatability(engine, finite, reference);
    checkIndependence(engine, finite, reference);
    checkLayersAgainstEncoder(engine, finite, reference);
    VerificationSummary summary = verify(reference);
    boolean exact = summary.relativeError() <= bundle.tolerance();
    checks.add(
        String.format(
            Locale.ROOT,
            "f(e) = J(e)·e within %.1e on %d probe rows: %s (tolerance %.1e)",
            summary.relativeError(),
            finite.rows(),
            exact ? "exact" : "approximate, its contributions need not add up to the embedding",
            bundle.tolerance()));
    return new AdmittedModel(
        bundle, engine, new AdmissionReport(engine.name(), List.copyOf(checks), summary, exact));
  }

  private Probe run(JacobianEngine engine, FloatMatrix rows) {
    try {
      return Probe.of(engine, rows);
    } catch (EncoderShapeException e) {
      throw refuse(engine, String.valueOf(e.getMessage()), e);
    } catch (RuntimeException e) {
      String reason = String.valueOf(e.getMessage()).strip().lines().reduce("", (a, b) -> b);
      throw refuse(
          engine,
          "fails on " + rows.rows() + " probe rows of shape " + bundle.inputShape() + ": " + reason,
          e);
    }
  }

  private void requireShape(JacobianEngine engine, Probe probe) {
    if (probe.outputs().columns() != bundle.outputCount()) {
      throw refuse(
          engine,
          "gives "
              + probe.outputs().columns()
              + " outputs, but output.names in model.json has "
              + bundle.outputCount(),
          null);
    }
  }

  private FloatMatrix checkFinite(JacobianEngine engine, FloatMatrix rows, Probe probe) {
    List<float[]> finite = new ArrayList<>();
    for (int i = 0; i < rows.rows(); i++) {
      if (probe.outputs().firstNotFinite(i).isEmpty()
          && probe.jacobian().firstNotFinite(i).isEmpty()) {
        finite.add(rows.row(i));
      }
    }
    if (finite.size() < 2) {
      throw refuse(engine, "gives NaN or infinite outputs for ordinary inputs", null);
    }
    checks.add(finite.size() + " of " + rows.rows() + " probe rows give finite outputs");
    return FloatMatrix.of(finite.toArray(float[][]::new));
  }

  private void checkRepeatability(JacobianEngine engine, FloatMatrix rows, Probe first) {
    Probe again = run(engine, rows);
    for (int i = 0; i < rows.rows(); i++) {
      if (difference(first.outputs().row(i), again.outputs().row(i)) > AGREEMENT) {
        throw refuse(
            engine,
            "gives other outputs when it runs again on the same rows; remove what draws random"
                + " numbers (dropout called with training=True, sampling)",
            null);
      }
    }
    checks.add("the same rows give the same outputs");
  }

  private void checkIndependence(JacobianEngine engine, FloatMatrix rows, Probe together) {
    int differing = 0;
    for (int i = 0; i < rows.rows(); i++) {
      Probe alone = run(engine, rows.slice(i, i + 1));
      if (difference(alone.outputs().row(0), together.outputs().row(i)) > AGREEMENT) {
        throw refuse(
            engine,
            "a row's outputs depend on the other rows of its batch, so that no row has a Jacobian"
                + " of its own; freeze batch statistics (call eval(), keep running statistics)",
            null);
      }
      if (difference(alone.jacobian().row(0), together.jacobian().row(i)) > AGREEMENT) {
        differing++;
      }
    }
    if (differing > KINK_SHARE * rows.rows()) {
      throw refuse(
          engine,
          "the Jacobians of "
              + differing
              + " of "
              + rows.rows()
              + " probe rows depend on the other rows of their batch",
          null);
    }
    checks.add("rows are independent of each other");
  }

  private void checkLayersAgainstEncoder(JacobianEngine engine, FloatMatrix rows, Probe probe) {
    if (bundle.layers().isEmpty() || bundle.encoder().isEmpty()) {
      return;
    }
    EngineKind other =
        engine.name().equals(EngineKind.LAYERS.label()) ? EngineKind.AUTOGRAD : EngineKind.LAYERS;
    try (JacobianEngine second = other.open(bundle)) {
      Probe answer = run(second, rows);
      requireShape(second, answer);
      requireAgreement(rows.rows(), probe, answer);
    }
    checks.add("layers and encoder.pt agree");
  }

  private void requireAgreement(int rows, Probe a, Probe b) {
    double worst = 0;
    int differing = 0;
    for (int i = 0; i < rows; i++) {
      worst = Math.max(worst, difference(a.outputs().row(i), b.outputs().row(i)));
      differing += difference(a.jacobian().row(i), b.jacobian().row(i)) > AGREEMENT ? 1 : 0;
    }
    if (worst > AGREEMENT || differing > KINK_SHARE * rows) {
      throw new BundleException(
          String.format(
              Locale.ROOT,
              "%s: layers in model.json and encoder.pt disagree (outputs by %.2g relative, Jacobians"
                  + " on %d of %d probe rows); export them from the same module, or leave one out",
              bundle.directory(),
              worst,
              differing,
              rows));
    }
  }

  private BundleException refuse(
      JacobianEngine engine, String reason, @Nullable RuntimeException cause) {
    String subject =
        engine.name().equals(EngineKind.LAYERS.label())
            ? "model.json: layers: the encoder they describe "
            : "encoder.pt: the encoder ";
    return new BundleException(bundle.directory() + ": " + subject + reason, cause);
  }

  private static VerificationSummary verify(Probe probe) {
    VerificationSummary summary = VerificationSummary.EMPTY;
    for (int i = 0; i < probe.outputs().rows(); i++) {
      summary =
          summary.merge(
              VerificationSummary.ofRow(probe.outputs().row(i), probe.reconstruction().row(i)));
    }
    return summary;
  }

  /** Largest difference relative to the largest magnitude; infinite when a value is not finite. */
  private static double difference(float[] a, float[] b) {
    double difference = 0;
    double magnitude = 1e-30;
    for (int i = 0; i < a.length; i++) {
      difference = Math.max(difference, Math.abs((double) a[i] - b[i]));
      magnitude = Math.max(magnitude, Math.max(Math.abs(a[i]), Math.abs(b[i])));
    }
    return Double.isFinite(difference) ? difference / magnitude : Double.POSITIVE_INFINITY;
  }
}
