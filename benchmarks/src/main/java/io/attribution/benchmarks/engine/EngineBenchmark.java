package io.attribution.benchmarks.engine;

import ai.djl.Device;
import io.attribution.benchmarks.measure.Jmh;
import io.attribution.benchmarks.measure.Samples;
import io.attribution.engine.attribution.Attributions;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.internal.jacobian.Devices;
import io.attribution.engine.internal.torch.PyTorch;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.runtime.DeviceChoice;
import io.attribution.engine.runtime.EngineKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.results.RunResult;

/**
 * One batch at a time; seconds per call. Before every iteration the same process measures its own
 * matrix products; results are divided by the fastest.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
public class EngineBenchmark {
  static final String HOME = "attribution.home";
  static final String BUNDLES = "attribution.bench.bundles";
  static final String THREADS = "attribution.bench.threads";
  static final String DEVICE = "attribution.bench.device";

  /** A file to which the forks append their matrix products' rates. */
  static final String SGEMM = "attribution.bench.sgemm";

  private static final double WARM_SECONDS = 0.2;

  @Param({"digits", "wide", "many", "conv"})
  String encoder;

  @Param({"layers", "autograd"})
  String engine;

  @Param({"1", "64", "256", "1024", "4096"})
  int batch;

  private EngineUnderTest underTest;
  private FloatMatrix inputs;
  private FloatMatrix features;
  private List<MatrixProduct> products;

  /**
   * One configuration as JMH measured it.
   *
   * @param what jacobians, or attributions
   * @param seconds median of one call
   * @param operations of z and J for one row
   * @param sgemm the machine's rate between the iterations, operations per second
   */
  record Result(
      String encoder,
      String engine,
      int batch,
      String what,
      double seconds,
      long operations,
      double sgemm) {

    static Result of(RunResult result, long operations, Path sgemm) throws IOException {
      String encoder = result.getParams().getParam("encoder");
      String engine = result.getParams().getParam("engine");
      String batch = result.getParams().getParam("batch");
      String key = key(encoder, engine, Integer.parseInt(batch));
      List<Double> rates =
          Files.readAllLines(sgemm).stream()
              .filter(line -> line.startsWith(key))
              .map(line -> Double.valueOf(line.substring(key.length())))
              .toList();
      return new Result(
          encoder,
          engine,
          Integer.parseInt(batch),
          result.getPrimaryResult().getLabel(),
          Jmh.median(result),
          operations,
          Samples.median(rates));
    }
  }

  @Setup(Level.Trial)
  public void open() {
    PyTorch.useThreads(Integer.parseInt(property(THREADS)));
    Device device = Devices.open(DeviceChoice.of(property(DEVICE)));
    Bundles bundles = new Bundles(Path.of(property(HOME)), Path.of(property(BUNDLES)));
    ModelBundle bundle =
        bundles.load(Encoder.valueOf(encoder.toUpperCase(Locale.ROOT))).orElseThrow();
    underTest = new EngineUnderTest(bundle, EngineKind.of(engine), device);
    inputs = EngineUnderTest.normal(batch, bundle.inputSize());
    features = EngineUnderTest.normal(batch, bundle.featureCount());
    products = MatrixProduct.all(device);
  }

  @Setup(Level.Iteration)
  public void measureMachine() throws IOException {
    double fastest = 0;
    for (MatrixProduct product : products) {
      int calls = (int) Math.max(1, WARM_SECONDS / product.time(1));
      fastest = Math.max(fastest, product.operations() * calls / product.time(calls));
    }
    Files.writeString(
        Path.of(property(SGEMM)),
        key(encoder, engine, batch) + fastest + "\n",
        StandardOpenOption.APPEND);
  }

  private static String key(String encoder, String engine, int batch) {
    return encoder + " " + engine + " " + batch + " ";
  }

  @Benchmark
  public void jacobians() {
    underTest.linearize(inputs);
  }

  @Benchmark
  public Attributions attributions() {
    return underTest.attribute(features);
  }

  @TearDown(Level.Trial)
  public void close() {
    underTest.close();
    products.forEach(MatrixProduct::close);
  }

  private static String property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IllegalStateException("-D" + name + " is missing; run attribution bench engine");
    }
    return value;
  }
}
