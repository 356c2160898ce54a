package io.attribution.engine.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class VerificationSummaryProperties {

  @Property
  void anySplitOfTheRowsGivesTheSameFigures(
      @ForAll @Size(max = 60) List<@Size(8) List<@FloatRange(min = -1e6f, max = 1e6f) Float>> rows,
      @ForAll Random random) {
    List<VerificationSummary> parts = new ArrayList<>();
    rows.forEach(row -> parts.add(summary(row)));
    VerificationSummary inOrder = merge(parts);

    assertSameFigures(mergeInAnyTree(parts, random), inOrder);
  }

  @Property
  void figuresAreThoseOfTheDefinition(
      @ForAll @Size(min = 1, max = 40)
          List<@Size(6) List<@FloatRange(min = -100, max = 100) Float>> rows) {
    double max = 0;
    double sum = 0;
    double largest = 0;
    for (List<Float> row : rows) {
      for (int i = 0; i < 3; i++) {
        double error = Math.abs((double) row.get(i) - row.get(3 + i));
        max = Math.max(max, error);
        sum += error;
        largest = Math.max(largest, Math.abs(row.get(i)));
      }
    }

    VerificationSummary summary = merge(rows.stream().map(r -> summary(r)).toList());

    assertThat(summary.count()).isEqualTo(rows.size());
    assertThat(summary.maxError()).isEqualTo(max);
    assertClose(summary.meanError(), sum / (3.0 * rows.size()));
    assertClose(summary.relativeError(), max / (largest + 1e-8));
  }

  @Property
  void rowsThatHoldHaveNoError(
      @ForAll @Size(min = 1, max = 20) List<@FloatRange(min = -1e6f, max = 1e6f) Float> z,
      @ForAll @IntRange(min = 1, max = 5) int copies) {
    float[] row = array(z);

    VerificationSummary summary =
        merge(Collections.nCopies(copies, VerificationSummary.ofRow(row, row.clone())));

    assertThat(summary.relativeError()).isZero();
    assertThat(summary.zMin()).isEqualTo((double) Collections.min(z));
    assertThat(summary.reconstructionMax()).isEqualTo((double) Collections.max(z));
  }

  /** The first half of the numbers are outputs, the second their reconstruction. */
  private static VerificationSummary summary(List<Float> row) {
    int outputs = row.size() / 2;
    return VerificationSummary.ofRow(
        array(row.subList(0, outputs)), array(row.subList(outputs, row.size())));
  }

  private static float[] array(List<Float> values) {
    float[] array = new float[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }

  private static VerificationSummary merge(List<VerificationSummary> parts) {
    return parts.stream().reduce(VerificationSummary.EMPTY, VerificationSummary::merge);
  }

  /** Merges neighbours and strangers in any order, with empty summaries strewn in. */
  private static VerificationSummary mergeInAnyTree(
      List<VerificationSummary> summaries, Random random) {
    List<VerificationSummary> parts = new ArrayList<>(summaries);
    parts.add(VerificationSummary.EMPTY);
    while (parts.size() > 1) {
      VerificationSummary one = parts.remove(random.nextInt(parts.size()));
      VerificationSummary other = parts.remove(random.nextInt(parts.size()));
      parts.add(one.merge(other));
    }
    return parts.get(0);
  }

  private static void assertSameFigures(VerificationSummary actual, VerificationSummary expected) {
    assertThat(actual.count()).isEqualTo(expected.count());
    assertThat(List.of(actual.zMin(), actual.zMax()))
        .isEqualTo(List.of(expected.zMin(), expected.zMax()));
    assertThat(List.of(actual.reconstructionMin(), actual.reconstructionMax()))
        .isEqualTo(List.of(expected.reconstructionMin(), expected.reconstructionMax()));
    assertClose(actual.maxError(), expected.maxError());
    assertClose(actual.meanError(), expected.meanError());
    assertClose(actual.relativeError(), expected.relativeError());
  }

  private static void assertClose(double actual, double expected) {
    assertThat(actual).isCloseTo(expected, within(1e-12 * Math.abs(expected)));
  }
}
