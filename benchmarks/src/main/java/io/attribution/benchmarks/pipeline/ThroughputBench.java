package io.attribution.benchmarks.pipeline;

import io.attribution.benchmarks.pipeline.RunFactory.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs subjects through the same preloaded records and looks at what they wrote. */
final class ThroughputBench {
  private final RunFactory runs;
  private final String model;
  private final long inputBytes;
  private final Path payloads;
  private final double warmup;
  private final Map<String, OutputSample> samples = new HashMap<>();

  /**
   * @param inputBytes of one input message's value
   * @param payloads where the application's outputs go for the pass-through to write again
   * @param warmup share of the records that does not count: compilers work, buffers fill
   */
  ThroughputBench(RunFactory runs, String model, long inputBytes, Path payloads, double warmup) {
    this.runs = runs;
    this.model = model;
    this.inputBytes = inputBytes;
    this.payloads = payloads;
    this.warmup = warmup;
  }

  /**
   * One run.
   *
   * @param features the topic with exactly these records
   * @throws BenchFailure when outputs are missing, doubled or wrong
   */
  ThroughputResult run(
      Subject subject, String features, long records, Guarantee guarantee, Shape shape, int round) {
    Run run = runs.create(subject, features, guarantee, shape);
    long startedNanos = System.nanoTime();
    Progress progress;
    long peak;
    try (SubjectProcesses processes = run.start()) {
      progress =
          new ProgressWatch(run.topics(), run.names(), processes, run.cluster().processes())
              .until(records);
      peak = processes.tree().usage().peakResidentBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    OutputSample sample = check(run, records);
    run.topics().deleteOutputs(run.names());
    Progress.Steady steady = progress.steady(records, warmup);
    return new ThroughputResult(
        subject.name(),
        model,
        guarantee,
        shape,
        round,
        records,
        inputBytes,
        sample.bytes(),
        steady.seconds(),
        steady.recordsPerSecond(),
        steady.cpuPerMillion(),
        steady.brokerCpuPerMillion(),
        peak,
        steady.residentGrowth(),
        (progress.first().nanos() - startedNanos) / 1e9,
        steady.otherCores());
  }

  private OutputSample check(Run run, long records) {
    OutputSample sample =
        new OutputReading(run.cluster().bootstrapServers(), run.topics())
            .read(run.names(), records);
    String subject = run.subject().name();
    if (subject.equals("app") && !Files.exists(payloads)) {
      writePayloads(sample);
    }
    if (!subject.equals("passthrough")) {
      samples.putIfAbsent(subject, sample);
    }
    requireAgreement();
    return sample;
  }

  private void writePayloads(OutputSample sample) {
    try {
      sample.payloads().write(payloads);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void requireAgreement() {
    @Nullable OutputSample app = samples.get("app");
    @Nullable OutputSample python = samples.get("python");
    if (app != null && python != null) {
      Agreement agreement = Agreement.of(app.explanations(), python.explanations());
      if (!agreement.holds()) {
        throw new BenchFailure(
            "app and python differ in %d of %d rows"
                .formatted(agreement.differing(), agreement.rows()));
      }
    }
  }
}
