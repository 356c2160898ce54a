package io.attribution.benchmarks.engine;

import io.attribution.benchmarks.measure.JmhSettings;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.runtime.DeviceChoice;
import io.attribution.engine.runtime.EngineKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;

/**
 * Runs {@link EngineBenchmark} for one encoder after the other.
 *
 * @param bundles where the encoders are
 * @param settings how long
 * @param threads of one operation
 * @param device where the engines compute
 * @param results the folder for JMH's own files
 */
record EngineJmh(
    Bundles bundles, JmhSettings settings, int threads, DeviceChoice device, Path results) {
  private static final double MEDIAN = 50;

  List<JmhRow> run(Encoder encoder, ModelBundle bundle, List<Integer> batches)
      throws RunnerException, IOException {
    SgemmLog log = new SgemmLog(Files.createTempFile("sgemm", ".log"));
    List<JmhRow> rows = new ArrayList<>();
    for (RunResult result : new Runner(options(encoder, bundle, batches, log)).run()) {
      rows.add(row(result, encoder.operationsPerRow(bundle), log));
    }
    Files.delete(log.file());
    rows.sort(
        Comparator.comparing(JmhRow::what)
            .thenComparing(JmhRow::engine, Comparator.reverseOrder())
            .thenComparing(JmhRow::batch));
    return rows;
  }

  private Options options(
      Encoder encoder, ModelBundle bundle, List<Integer> batches, SgemmLog log) {
    String[] engines =
        Stream.of(EngineKind.LAYERS, EngineKind.AUTOGRAD)
            .filter(kind -> EngineUnderTest.canOpen(bundle, kind))
            .map(EngineKind::label)
            .toArray(String[]::new);
    return settings
        .options(EngineBenchmark.class, results.resolve("jmh-engine-" + encoder.label() + ".json"))
        .param("encoder", encoder.label())
        .param("engine", engines)
        .param("batch", batches.stream().map(String::valueOf).toArray(String[]::new))
        .jvmArgsAppend(
            "-D" + EngineBenchmark.BUNDLES + "=" + bundles.folder(),
            "-D" + EngineBenchmark.THREADS + "=" + threads,
            "-D" + EngineBenchmark.DEVICE + "=" + device.label(),
            "-D" + SgemmLog.FILE + "=" + log.file())
        .build();
  }

  private static JmhRow row(RunResult result, long operations, SgemmLog log) throws IOException {
    String encoder = result.getParams().getParam("encoder");
    String engine = result.getParams().getParam("engine");
    int batch = Integer.parseInt(result.getParams().getParam("batch"));
    return new JmhRow(
        encoder,
        engine,
        batch,
        result.getPrimaryResult().getLabel(),
        result.getPrimaryResult().getStatistics().getPercentile(MEDIAN),
        operations,
        log.rate(encoder, engine, batch));
  }
}
