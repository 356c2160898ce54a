package io.attribution.engine.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attribution.engine.attribution.Rejected.Reason;
import io.attribution.engine.bundle.Preprocessing;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.reduction.Reduction;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FaultIsolationTest {
  private static final float GOOD = 1;
  private static final ResultSelection ALL = ResultSelection.all(new Reduction.L2());
  private final Encoder encoder = new Encoder();
  private final FaultIsolation isolation =
      new FaultIsolation(
          encoder,
          FloatMatrix.of(new float[] {GOOD}),
          List.of(),
          new HiddenOverflow(
              encoder, Preprocessing.NONE, rows -> Attributions.allocate(rows, 1, 1, ALL)));

  @Test
  void attributesAGoodBatchInOneCall() {
    List<Outcome> outcomes = attribute(rows(1, 2, 3));

    assertThat(embeddings(outcomes)).containsExactly("1.0", "2.0", "3.0");
    assertThat(encoder.batches).containsExactly(3);
  }

  @Test
  void attributesNothingForNoRows() {
    assertThat(attribute(FloatMatrix.allocateDirect(0, 1))).isEmpty();
    assertThat(encoder.batches).isEmpty();
  }

  @Test
  void rejectsTheRowsAtFaultAndKeepsTheOrderOfTheOthers() {
    encoder.refuse(2, 3, 7);

    List<Outcome> outcomes = attribute(rows(1, 2, 3, 4, 5, 6, 7));

    assertThat(embeddings(outcomes))
        .containsExactly(
            "1.0", "encoder_failed", "encoder_failed", "4.0", "5.0", "6.0", "encoder_failed");
    assertThat(outcomes.get(1)).isEqualTo(new Rejected(Reason.ENCODER_FAILED, "refused 2.0"));
  }

  @Test
  void findsOneRowInManyWithFewCalls() {
    encoder.refuse(700);
    float[] many = new float[1024];
    for (int i = 0; i < many.length; i++) {
      many[i] = i;
    }

    List<Outcome> outcomes = attribute(rows(many));

    assertThat(outcomes).filteredOn(Rejected.class::isInstance).hasSize(1);
    assertThat(outcomes.get(700)).isInstanceOf(Rejected.class);
    assertThat(encoder.batches).hasSizeLessThanOrEqualTo(2 * 10 + 3);
  }

  @Test
  void blamesNoRowForAMomentOfTheEngine() {
    encoder.failures = 1;

    assertThat(embeddings(attribute(rows(2)))).containsExactly("2.0");
  }

  @Test
  void blamesTheEngineWhenGoodRowsFailAsWell() {
    encoder.refuse(GOOD, 2, 3);

    assertThatThrownBy(() -> attribute(rows(2, 3)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("refused 1.0");
  }

  @Test
  void rejectsARowWhoseFeaturesAreNotFinite() {
    List<Outcome> outcomes = attribute(rows(1, Float.POSITIVE_INFINITY, 3));

    assertThat(outcomes.get(1)).isEqualTo(new Rejected(Reason.NOT_FINITE, "feature 0 is Infinity"));
    assertThat(embeddings(outcomes)).containsExactly("1.0", "not_finite", "3.0");
  }

  @Test
  void rejectsARowWhoseEmbeddingIsNotFinite() {
    encoder.factor = Float.MAX_VALUE;

    List<Outcome> outcomes = attribute(rows(1, 2));

    assertThat(outcomes.get(0)).isInstanceOf(Attributed.class);
    assertThat(outcomes.get(1))
        .isEqualTo(new Rejected(Reason.RESULT_NOT_FINITE, "output 0 is Infinity"));
  }

  @Test
  void rejectsARowWhoseReconstructionIsNotFinite() {
    encoder.reconstruction = Float.NaN;

    assertThat(detail(attribute(rows(1)))).isEqualTo("reconstruction of output 0 is NaN");
  }

  @Test
  void rejectsARowWhoseContributionsOverflow() {
    encoder.contribution = Float.NEGATIVE_INFINITY;

    assertThat(detail(attribute(rows(1)))).isEqualTo("contribution 0 is -Infinity");
  }

  @Test
  void rejectsARowWhoseReducedContributionsOverflow() {
    encoder.reduced = Float.POSITIVE_INFINITY;

    assertThat(detail(attribute(rows(1)))).isEqualTo("reduced contribution 0 is Infinity");
  }

  private List<Outcome> attribute(FloatMatrix features) {
    return isolation.explain(features, Attributions.allocate(features.rows(), 1, 1, ALL));
  }

  private static FloatMatrix rows(float... values) {
    FloatMatrix rows = FloatMatrix.allocateDirect(values.length, 1);
    for (int i = 0; i < values.length; i++) {
      rows.setRow(i, new float[] {values[i]});
    }
    return rows;
  }

  /** Each row's embedding, or the reason why there is none. */
  private static List<String> embeddings(List<Outcome> outcomes) {
    return outcomes.stream()
        .map(
            outcome ->
                outcome instanceof Attributed attributed
                    ? "" + attributed.embedding()[0]
                    : ((Rejected) outcome).reason().label())
        .toList();
  }

  private static String detail(List<Outcome> outcomes) {
    return ((Rejected) outcomes.get(0)).detail();
  }

  /** f(x) = x, unless it refuses a value. */
  private static final class Encoder implements Route {
    private final List<Integer> batches = new ArrayList<>();
    private Set<Float> refused = Set.of();
    private int failures;
    private float factor = 1;
    private float reconstruction = 1;
    private float contribution = 1;
    private float reduced = 1;

    void refuse(float... values) {
      List<Float> list = new ArrayList<>();
      for (float value : values) {
        list.add(value);
      }
      refused = Set.copyOf(list);
    }

    @Override
    public void close() {}

    @Override
    public void attribute(FloatMatrix features, Attributions results) {
      batches.add(features.rows());
      if (failures > 0) {
        failures--;
        throw new IllegalStateException("for a moment");
      }
      for (int i = 0; i < features.rows(); i++) {
        float x = features.get(i, 0);
        if (refused.contains(x)) {
          throw new IllegalStateException("refused " + x + "\nand more");
        }
        float z = factor * x;
        results.embedding().setRow(i, new float[] {z});
        results.exact().set(i, 0, z);
        results.reconstruction().set(i, 0, reconstruction);
        results.contributions().orElseThrow().setRow(i, new float[] {contribution});
        results.reduced().orElseThrow().setRow(i, new float[] {reduced});
        float check = z + reconstruction + contribution + reduced;
        results.check().setRow(i, new float[] {check});
      }
    }
  }
}
