package io.attribution.engine.diagnosis;

import io.attribution.engine.admission.AdmittedModel;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.jacobian.EngineKind;
import io.attribution.engine.jacobian.JacobianEngine;
import io.attribution.engine.jacobian.LayerwiseEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bundle's encoder in every other engine that it has, at the same rows. Right engines differ
 * beyond rounding only next to kinks, in few rows. That they differ is a fact whatever else is
 * wrong; so this rule comes first.
 */
final class EnginesRule implements Rule {
  private static final Logger LOG = LoggerFactory.getLogger(EnginesRule.class);

  /** As in the admission check: right ones differ by about 1e-6, wrong ones by far more. */
  private static final double ROUNDING = 1e-3;

  private static final double KINK_SHARE = 0.25;

  private final AdmittedModel model;

  EnginesRule(AdmittedModel model) {
    this.model = model;
  }

  @Override
  public Optional<Finding> judge(Evidence evidence) {
    for (Supplier<JacobianEngine> opening : others()) {
      Optional<Finding> finding = compare(opening, evidence.typical());
      if (finding.isPresent()) {
        return finding;
      }
    }
    return Optional.empty();
  }

  private List<Supplier<JacobianEngine>> others() {
    ModelBundle bundle = model.bundle();
    List<Supplier<JacobianEngine>> others = new ArrayList<>();
    if (bundle.layers().isPresent() && !(model.engine() instanceof LayerwiseEngine)) {
      others.add(
          () ->
              new LayerwiseEngine(
                  bundle.layers().get(), bundle.inputShape(), model.engine().device()));
    }
    if (bundle.encoder().isPresent() && !isEncoderAsGiven() && bundle.isUnchanged()) {
      others.add(() -> EngineKind.AUTOGRAD.open(bundle, model.engine().device()));
    }
    return others;
  }

  private boolean isEncoderAsGiven() {
    return model.engine().name().equals(EngineKind.AUTOGRAD.label()) && model.engine().isAsGiven();
  }

  private static String describe(JacobianEngine engine) {
    return engine.isAsGiven()
        ? "'%s'".formatted(engine.name())
        : "'%s' with faster operators".formatted(engine.name());
  }

  /** An engine that cannot be asked cannot disagree. */
  private Optional<Finding> compare(Supplier<JacobianEngine> opening, Answers mine) {
    try (JacobianEngine other = opening.get()) {
      return compare(other, mine);
    } catch (RuntimeException e) {
      LOG.warn("a second engine could not be asked: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<Finding> compare(JacobianEngine other, Answers mine) {
    float[][] rows = new float[mine.rows()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = mine.input(i);
    }
    Answers theirs = new ProbedEncoder(other, rows[0].length * 4L).linearize(rows);
    int differing = 0;
    for (int i = 0; i < rows.length; i++) {
      boolean same =
          Vectors.distance(mine.output(i), theirs.output(i)) <= ROUNDING * theirs.magnitude()
              && Vectors.distance(mine.jacobian(i), theirs.jacobian(i))
                  <= ROUNDING * Vectors.largest(theirs.jacobian(i));
      differing += same ? 0 : 1;
    }
    return differing > KINK_SHARE * rows.length
        ? Optional.of(
            Finding.of(
                Cause.ENGINES_DISAGREE,
                "The engines %s and %s differ on %d of %d rows (outputs by %.1e; f(e) against"
                    + " J(e)·e: %.1e and %.1e): one of them computes another encoder",
                describe(model.engine()),
                describe(other),
                differing,
                rows.length,
                mine.distance(theirs),
                mine.error(),
                theirs.error()))
        : Optional.empty();
  }
}
