package io.attribution.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.attribution.admission.AdmissionCheck;
import io.attribution.admission.AdmittedModel;
import io.attribution.batch.FloatMatrix;
import io.attribution.bundle.BundleLoader;
import io.attribution.jacobian.EngineKind;
import io.attribution.reduction.Reduction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Native memory is what no heap dump shows: the process's resident memory must not grow. */
class NativeMemoryTest {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int WARM_UP = 400;
  private static final int BATCHES = 2_000;

  private static final long MAX_GROWTH_BYTES = 8L << 20;

  @ParameterizedTest
  @EnumSource(
      value = EngineKind.class,
      names = {"LAYERS", "AUTOGRAD"})
  void staysFlatOverTwoThousandBatches(EngineKind engine) throws IOException {
    assumeTrue(Files.isReadable(STATUS), "this system does not tell the resident memory in /proc");
    GoldenCase golden = GoldenCase.named("pca-mean-scale");
    FloatMatrix rows = FloatMatrix.of(golden.features());
    try (AdmittedModel model = AdmissionCheck.admit(BundleLoader.load(golden.directory()), engine);
        Attributor attributor =
            model.attributor(new Wanted(true, Optional.of(new Reduction.L2())))) {
      attribute(model.isolating(attributor), rows, WARM_UP);
      long before = residentBytes();

      attribute(model.isolating(attributor), rows, BATCHES);

      long growth = residentBytes() - before;
      System.out.println(engine + " growth " + growth / 1024 + " KiB of " + before / 1024);
      assertThat(growth).as("bytes").isLessThan(MAX_GROWTH_BYTES);
    }
  }

  private static void attribute(FaultIsolation isolation, FloatMatrix rows, int batches) {
    for (int batch = 0; batch < batches; batch++) {
      assertThat(isolation.attribute(rows)).hasSize(rows.rows());
    }
  }

  /** After a collection, which gives back what the Java heap and its buffers do not need. */
  private static long residentBytes() throws IOException {
    System.gc();
    System.gc();
    String line =
        Files.readAllLines(STATUS).stream()
            .filter(l -> l.startsWith("VmRSS:"))
            .findFirst()
            .orElseThrow();
    return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
  }
}
