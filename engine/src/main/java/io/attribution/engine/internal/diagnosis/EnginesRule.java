package io.attribution.engine.internal.diagnosis;

import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.diagnosis.Cause;
import io.attribution.engine.diagnosis.Finding;
import io.attribution.engine.internal.jacobian.Agreement;
import io.attribution.engine.internal.jacobian.Engines;
import io.attribution.engine.internal.jacobian.JacobianEngine;
import io.attribution.engine.runtime.EngineKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bundle's encoder in every other engine that it has, at the same rows. Correct engines differ
 * beyond rounding only next to kinks, in few rows. That they differ is a fact whatever else is
 * wrong; so this rule comes first.
 */
final class EnginesRule implements Rule {
  private static final Logger LOG = LoggerFactory.getLogger(EnginesRule.class);

  private final ModelBundle bundle;
  private final JacobianEngine engine;

  EnginesRule(ModelBundle bundle, JacobianEngine engine) {
    this.bundle = bundle;
    this.engine = engine;
  }

  @Override
  public Optional<Finding> judge(Evidence evidence) {
    return others().stream()
        .map(kind -> compare(kind, evidence.typical()))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private List<EngineKind> others() {
    List<EngineKind> others = new ArrayList<>();
    if (bundle.layers().isPresent() && engine.kind() != EngineKind.LAYERWISE) {
      others.add(EngineKind.LAYERWISE);
    }
    boolean runsEncoder = engine.kind() == EngineKind.AUTOGRAD && engine.isAsGiven();
    boolean hasEncoder =
        bundle.graph().isPresent() || (bundle.encoder().isPresent() && bundle.isUnchanged());
    if (hasEncoder && !runsEncoder) {
      others.add(EngineKind.AUTOGRAD);
    }
    return others;
  }

  /** An engine that fails is no evidence of a disagreement. */
  private Optional<Finding> compare(EngineKind kind, Answers mine) {
    try (JacobianEngine other = Engines.open(bundle, kind, engine.device())) {
      return compare(other, mine);
    } catch (RuntimeException e) {
      LOG.warn("engine '{}' failed, so that it was not compared: {}", kind.label(), e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<Finding> compare(JacobianEngine other, Answers mine) {
    Answers theirs = new ProbedEncoder(other, mine.input(0).length * 4L).linearize(mine.inputs());
    int differing = differing(mine, theirs);
    return Agreement.DIAGNOSIS.allows(differing, mine.rows())
        ? Optional.empty()
        : Optional.of(
            Finding.of(
                Cause.ENGINES_DISAGREE,
                "The engines %s and %s differ on %d of %d rows (outputs by %.1e; f(e) against"
                    + " J(e)·e: %.1e and %.1e): one of them computes another encoder",
                describe(engine),
                describe(other),
                differing,
                mine.rows(),
                mine.distance(theirs),
                mine.error(),
                theirs.error()));
  }

  private static int differing(Answers mine, Answers theirs) {
    Agreement agreement = Agreement.DIAGNOSIS;
    int differing = 0;
    for (int i = 0; i < mine.rows(); i++) {
      boolean differs =
          agreement.differs(mine.output(i), theirs.output(i), theirs.magnitude())
              || agreement.differs(mine.jacobian(i), theirs.jacobian(i));
      differing += differs ? 1 : 0;
    }
    return differing;
  }

  private static String describe(JacobianEngine engine) {
    return engine.isAsGiven()
        ? "'%s'".formatted(engine.kind().label())
        : "'%s' with faster operators".formatted(engine.kind().label());
  }
}
