package io.attribution.benchmarks.engine;

import ai.djl.Device;
import io.attribution.benchmarks.engine.EngineTurns.Result;
import io.attribution.benchmarks.measure.Jmh;
import io.attribution.benchmarks.measure.Samples;
import io.attribution.engine.attribution.Attributions;
import io.attribution.engine.bundle.BundleLoader;
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
import java.util.Map;
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
 * matrix products; results are divided by the fastest. {@code bench engine} sets the parameters.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
public class EngineBenchmark {
  private static final double WARM_SECONDS = 0.2;

  @Param("")
  String bundle;

  @Param("")
  String engine;

  @Param("")
  String batch;

  @Param("")
  String threads;

  @Param("")
  String device;

  /** A file to which the forks append their matrix products' rates. */
  @Param("")
  String rates;

  private EngineUnderTest underTest;
  private FloatMatrix inputs;
  private FloatMatrix features;
  private List<MatrixProduct> products;

  /**
   * One configuration as JMH measured it.
   *
   * @param rates the file of that name
   */
  static Result result(Encoder encoder, ModelBundle bundle, RunResult measured, Path rates)
      throws IOException {
    String engine = measured.getParams().getParam("engine");
    String batch = measured.getParams().getParam("batch");
    String key = key(engine, batch);
    List<Double> sgemm =
        Files.readAllLines(rates).stream()
            .filter(line -> line.startsWith(key))
            .map(line -> Double.valueOf(line.substring(key.length())))
            .toList();
    boolean full = measured.getPrimaryResult().getLabel().equals("attributions");
    return new Result(
        encoder,
        Integer.parseInt(batch),
        Encoder.operationsPerRow(bundle),
        Map.of("sgemm", Samples.median(sgemm)),
        Map.of(full ? EngineTurns.all(engine) : engine, new Samples(List.of(Jmh.median(measured)))),
        "");
  }

  @Setup(Level.Trial)
  public void open() {
    PyTorch.useThreads(Integer.parseInt(threads));
    Device opened = Devices.open(DeviceChoice.of(device));
    ModelBundle model = BundleLoader.load(Path.of(bundle));
    underTest = new EngineUnderTest(model, EngineKind.of(engine), opened);
    inputs = EngineUnderTest.normal(Integer.parseInt(batch), model.inputSize());
    features = EngineUnderTest.normal(Integer.parseInt(batch), model.featureCount());
    products = MatrixProduct.all(opened);
  }

  @Setup(Level.Iteration)
  public void measureMachine() throws IOException {
    double fastest = 0;
    for (MatrixProduct product : products) {
      int calls = (int) Math.max(1, WARM_SECONDS / product.time(1));
      fastest = Math.max(fastest, product.operations() * calls / product.time(calls));
    }
    String line = key(engine, batch) + fastest + "\n";
    Files.writeString(Path.of(rates), line, StandardOpenOption.APPEND);
  }

  private static String key(String engine, String batch) {
    return engine + " " + batch + " ";
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
}
