package io.attribution.engine.internal.jacobian;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import io.attribution.engine.attribution.GoldenCase;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.runtime.EngineKind;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AutogradEngineTest {
  private static final int RUNS = 5;

  /**
   * DJL's constants live in Java's direct memory. One that autograd keeps from the forward to the
   * backward pass, after DJL has let go of it, is freed by the next collection: its place is taken
   * by whatever is allocated next, and gradients are multiplied by that.
   */
  @Test
  void garbageCollectionsChangeNoJacobian() throws InterruptedException {
    ModelBundle bundle = BundleLoader.load(GoldenCase.named("outputs-96").directory());
    FloatMatrix inputs = FloatMatrix.of(GoldenCase.named("outputs-96").features());
    AtomicBoolean done = new AtomicBoolean();
    Thread collector = new Thread(() -> collectAndReuse(done), "collector");
    try (JacobianEngine engine = Engines.open(bundle, EngineKind.AUTOGRAD, Device.cpu())) {
      FloatMatrix undisturbed = Probe.of(engine, inputs).jacobian();
      collector.start();
      for (int run = 0; run < RUNS; run++) {
        FloatMatrix jacobian = Probe.of(engine, inputs).jacobian();
        assertThat(differingRows(undisturbed, jacobian))
            .as("rows that differ, run %d", run)
            .isZero();
      }
    } finally {
      done.set(true);
      collector.join();
    }
  }

  private static long differingRows(FloatMatrix expected, FloatMatrix actual) {
    return IntStream.range(0, expected.rows())
        .filter(row -> !Arrays.equals(expected.row(row), actual.row(row)))
        .count();
  }

  /** Collects all the time, and fills what that frees with NaN. */
  private static void collectAndReuse(AtomicBoolean done) {
    while (!done.get()) {
      System.gc();
      for (int i = 0; i < 1_000; i++) {
        ByteBuffer.allocateDirect(Float.BYTES).putFloat(Float.NaN);
      }
    }
  }
}
