package io.attribution.engine.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.attribution.engine.admission.AdmissionCheck;
import io.attribution.engine.admission.AdmittedModel;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.bundle.TestFiles;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.runtime.EngineKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Native memory is what no heap dump shows: the process's resident memory must not grow. The
 * compiler and the collector make single steps of several MiB up and down, so that the median of
 * five windows decides. The bound is half of what the smallest array of a batch, its outputs, would
 * add if it were never freed.
 */
class NativeMemoryTest {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int ROWS = 2_048;
  private static final int OUTPUTS = 2;
  private static final int WARM_UP = 500;
  private static final int WINDOWS = 5;
  private static final int WINDOW = 400;
  private static final long MAX_GROWTH_BYTES = (long) WINDOW * ROWS * OUTPUTS * Float.BYTES / 2;

  /** The collector gives heap back to the system in the background. */
  private static final int SAMPLES = 3;

  private static final Duration SAMPLE_INTERVAL = Duration.ofMillis(150);

  @ParameterizedTest
  @EnumSource(
      value = EngineKind.class,
      names = {"LAYERS", "GRAPH", "AUTOGRAD"})
  void staysFlatOverTwoThousandBatches(EngineKind engine) throws Exception {
    assumeTrue(Files.isReadable(STATUS), "this system does not tell resident memory in /proc");
    GoldenCase golden = GoldenCase.named("pca-mean-scale");
    boolean graph = engine == EngineKind.GRAPH;
    ModelBundle bundle =
        BundleLoader.load(
            graph ? TestFiles.folder("golden-graph").resolve("residual") : golden.directory());
    FloatMatrix rows = repeated(graph ? new float[4][bundle.featureCount()] : golden.features());
    try (AdmittedModel model = AdmissionCheck.admit(bundle, engine);
        Attributor attributor = model.attributor(ResultSelection.all(new Reduction.L2()))) {
      attribute(attributor, rows, WARM_UP);

      List<Long> growths = new ArrayList<>();
      for (int window = 0; window < WINDOWS; window++) {
        long before = residentBytes();
        attribute(attributor, rows, WINDOW);
        growths.add(residentBytes() - before);
      }

      assertThat(median(growths)).as("bytes, of %s", growths).isLessThan(MAX_GROWTH_BYTES);
    }
  }

  private static long median(List<Long> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private static FloatMatrix repeated(float[]... rows) {
    FloatMatrix matrix = FloatMatrix.allocateDirect(ROWS, rows[0].length);
    for (int i = 0; i < ROWS; i++) {
      matrix.setRow(i, rows[i % rows.length]);
    }
    return matrix;
  }

  private static void attribute(Attributor attributor, FloatMatrix rows, int batches) {
    for (int batch = 0; batch < batches; batch++) {
      assertThat(attributor.attribute(rows).rows()).isEqualTo(ROWS);
    }
  }

  /** The lowest of a few samples after a collection. */
  private static long residentBytes() throws IOException, InterruptedException {
    long lowest = Long.MAX_VALUE;
    System.gc();
    for (int sample = 0; sample < SAMPLES; sample++) {
      Thread.sleep(SAMPLE_INTERVAL.toMillis());
      lowest = Math.min(lowest, sample());
    }
    return lowest;
  }

  private static long sample() throws IOException {
    String line =
        Files.readAllLines(STATUS).stream()
            .filter(l -> l.startsWith("VmRSS:"))
            .findFirst()
            .orElseThrow();
    return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
  }
}
