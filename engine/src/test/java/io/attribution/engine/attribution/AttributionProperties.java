package io.attribution.engine.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.engine.matrix.FloatMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;

/** What holds for any rows and any batches, on the golden encoders. */
class AttributionProperties {
  private static final OpenModels MODELS = new OpenModels();

  @AfterContainer
  static void closeModels() {
    MODELS.close();
  }

  @Property(tries = 60)
  void batchSizeChangesNoAttribution(
      @ForAll("models") OpenModels.Key key, @ForAll @IntRange(min = 1, max = 250) int batchSize) {
    OpenModels.OpenModel model = MODELS.get(key);
    FloatMatrix rows = FloatMatrix.of(model.golden().features());
    List<Attributed> together = model.attribute(rows);
    List<Attributed> apart = new ArrayList<>();
    for (int from = 0; from < rows.rows(); from += batchSize) {
      apart.addAll(model.attribute(rows.slice(from, Math.min(from + batchSize, rows.rows()))));
    }

    assertSame(together, apart, Attributed::embedding);
    assertSame(together, apart, Attributed::contributions);
    assertSame(together, apart, Attributed::reduced);
  }

  @Property(tries = 60)
  void orderOfTheRowsChangesNoAttribution(
      @ForAll("models") OpenModels.Key key, @ForAll Random random) {
    OpenModels.OpenModel model = MODELS.get(key);
    List<float[]> rows = new ArrayList<>(List.of(model.golden().features()));
    List<Integer> order = new ArrayList<>();
    rows.forEach(row -> order.add(order.size()));
    java.util.Collections.shuffle(order, random);
    List<Attributed> straight = model.attribute(matrix(rows));

    List<Attributed> shuffled = model.attribute(matrix(order.stream().map(rows::get).toList()));

    assertSame(order.stream().map(straight::get).toList(), shuffled, Attributed::contributions);
  }

  @Property(tries = 100)
  void contributionsOfAnExactEncoderAddUpToItsEmbedding(
      @ForAll("exactModels") OpenModels.Key key,
      @ForAll @IntRange(min = 1, max = 64) int count,
      @ForAll Random random) {
    OpenModels.OpenModel model = MODELS.get(key);

    List<Attributed> rows = model.attribute(matrix(model.inputs(count, random)));

    double error = 0;
    double largest = 0;
    for (Attributed row : rows) {
      float[] z = row.embedding();
      for (int output = 0; output < z.length; output++) {
        error = Math.max(error, Math.abs(z[output] - sum(row.contributions(), output, z.length)));
        largest = Math.max(largest, Math.abs(z[output]));
      }
    }
    assertThat(error).isLessThanOrEqualTo(1e-4 * largest);
  }

  @Provide
  Arbitrary<OpenModels.Key> models() {
    return Arbitraries.of(OpenModels.keys(golden -> true));
  }

  @Provide
  Arbitrary<OpenModels.Key> exactModels() {
    return Arbitraries.of(
        OpenModels.keys(golden -> golden.verification().path("exact").asBoolean()));
  }

  private static FloatMatrix matrix(List<float[]> rows) {
    return FloatMatrix.of(rows.toArray(float[][]::new));
  }

  private static double sum(float[] contributions, int output, int outputs) {
    int features = contributions.length / outputs;
    double sum = 0;
    for (int k = 0; k < features; k++) {
      sum += contributions[output * features + k];
    }
    return sum;
  }

  private static void assertSame(
      List<Attributed> expected, List<Attributed> actual, Function<Attributed, float[]> what) {
    double[][] reference = new double[expected.size()][];
    for (int i = 0; i < reference.length; i++) {
      reference[i] = doubles(what.apply(expected.get(i)));
    }
    RowAgreement.assertRows(reference, actual.stream().map(what).toList());
  }

  private static double[] doubles(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }
}
