package io.attribution.engine.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.engine.admission.AdmissionCheck;
import io.attribution.engine.admission.AdmittedModel;
import io.attribution.engine.attribution.Attributed;
import io.attribution.engine.attribution.Attributor;
import io.attribution.engine.attribution.GoldenCase;
import io.attribution.engine.attribution.Outcome;
import io.attribution.engine.attribution.ResultMemory;
import io.attribution.engine.attribution.ResultSelection;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.runtime.EngineKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SeveralThreadsTest {
  private static final int THREADS = 4;
  private static final int BATCHES = 40;

  /**
   * Every thread's batches have sizes of their own, so that results in foreign memory would show.
   */
  @ParameterizedTest
  @EnumSource(
      value = EngineKind.class,
      names = {"LAYERS", "LAYERWISE", "AUTOGRAD"})
  void explainWithOneModelAsOneThreadDoes(EngineKind engine) throws Exception {
    GoldenCase golden = GoldenCase.named("pca-mean-scale");
    FloatMatrix rows = FloatMatrix.of(golden.features());
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (AdmittedModel model = AdmissionCheck.admit(BundleLoader.load(golden.directory()), engine);
        Attributor attributor = model.attributor(ResultSelection.all(new Reduction.L2()))) {
      CyclicBarrier start = new CyclicBarrier(THREADS);
      List<Future<List<List<float[]>>>> results = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        FloatMatrix own = rows.slice(thread, rows.rows() - 3 * thread);
        Callable<List<List<float[]>>> work =
            () -> {
              start.await();
              return explainOften(attributor, own);
            };
        results.add(threads.submit(work));
      }

      for (int thread = 0; thread < THREADS; thread++) {
        FloatMatrix own = rows.slice(thread, rows.rows() - 3 * thread);
        List<float[]> expected = numbers(attributor.explain(own));
        for (List<float[]> actual : results.get(thread).get()) {
          assertThat(actual)
              .usingElementComparator(SeveralThreadsTest::compare)
              .isEqualTo(expected);
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<List<float[]>> explainOften(Attributor attributor, FloatMatrix rows) {
    ResultMemory memory = attributor.newMemory();
    List<List<float[]>> batches = new ArrayList<>();
    for (int batch = 0; batch < BATCHES; batch++) {
      batches.add(numbers(attributor.explain(rows, memory)));
    }
    return batches;
  }

  /** z, C and R of every row; copies. */
  private static List<float[]> numbers(List<Outcome> outcomes) {
    List<float[]> numbers = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      Attributed row = (Attributed) outcome;
      numbers.addAll(List.of(row.embedding(), row.contributions(), row.reduced()));
    }
    return numbers;
  }

  private static int compare(float[] a, float[] b) {
    return java.util.Arrays.compare(a, b);
  }
}
