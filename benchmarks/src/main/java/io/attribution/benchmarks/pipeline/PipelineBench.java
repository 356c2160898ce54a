package io.attribution.benchmarks.pipeline;

import io.attribution.benchmarks.pipeline.PipelineCommand.Mode;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Carries out a plan: a broker for each model, then one mode after the other. */
final class PipelineBench {
  private static final long SOAK_POINTS = 20;
  private static final double MIB = 1 << 20;

  private final PipelinePlan plan;
  private final Consumer<String> log;
  private final List<ThroughputResult> throughput = new ArrayList<>();
  private final List<LatencyResult> latency = new ArrayList<>();
  private final List<ThroughputResult> growth = new ArrayList<>();
  private final List<SoakResult> soak = new ArrayList<>();

  PipelineBench(PipelinePlan plan, Consumer<String> log) {
    this.plan = plan;
    this.log = log;
  }

  PipelineResults run() throws IOException {
    for (TestModel.Kind kind : plan.models()) {
      Path directory = Files.createTempDirectory("attribution-bench");
      try (BenchCluster cluster = BenchCluster.start(directory)) {
        TestModel model = TestModel.open(kind, plan.home(), directory);
        new ModelBench(kind, model, cluster, directory).run();
      }
      // What the processes said is only of interest when one of them failed.
      delete(directory);
    }
    return new PipelineResults(commands(), throughput, latency, growth, soak);
  }

  private Map<String, String> commands() {
    Map<String, String> commands = new HashMap<>();
    for (Mode mode : plan.modes()) {
      for (TestModel.Kind model : plan.models()) {
        commands.put(mode + " " + model, plan.command());
      }
    }
    return commands;
  }

  /** All modes for one model, on one broker. */
  private final class ModelBench {
    private final TestModel.Kind kind;
    private final TestModel model;
    private final BenchCluster cluster;
    private final RunFactory runs;
    private final Path payloads;
    private final ThroughputBench throughputBench;
    private int inputs;

    ModelBench(TestModel.Kind kind, TestModel model, BenchCluster cluster, Path directory) {
      this.kind = kind;
      this.model = model;
      this.cluster = cluster;
      this.runs = new RunFactory(cluster, model, plan.settings(), directory);
      this.payloads = directory.resolve("payloads");
      this.throughputBench =
          new ThroughputBench(
              runs,
              kind.name(),
              new FeatureMessages(model, "sizes", 1, cluster.registryUrl()).valueBytes(),
              payloads,
              plan.warmup());
    }

    void run() {
      if (plan.subjects().contains("passthrough")) {
        makePayloads();
      }
      if (plan.has(Mode.throughput)) {
        throughput();
      }
      if (plan.has(Mode.growth)) {
        growth();
      }
      if (plan.has(Mode.latency)) {
        latency();
      }
      if (plan.has(Mode.soak)) {
        soak();
      }
    }

    /** A short run of the application, for the pass-through to write its outputs again. */
    private void makePayloads() {
      String features = preload(plan.shape(), model.rows().size());
      ThroughputResult unused =
          throughputBench.run(
              subject("app"),
              features,
              model.rows().size(),
              Guarantee.at_least_once,
              plan.shape(),
              0);
    }

    private void throughput() {
      String features = preload(plan.shape(), plan.records(kind));
      warmBroker(features, plan.shape());
      for (int round = 1; round <= plan.rounds(); round++) {
        for (Subject subject : subjects()) {
          for (Guarantee guarantee : plan.guarantees()) {
            throughput.add(throughput(subject, features, guarantee, plan.shape(), round));
          }
        }
      }
    }

    /**
     * The broker's JVM compiles for its first minute, at the expense of whoever comes first. And a
     * virtual machine may have to fetch free memory from its host: files of the first run cost the
     * broker twice the CPU.
     */
    private void warmBroker(String features, Shape shape) {
      ThroughputResult unused =
          throughputBench.run(
              subjects().get(0), features, plan.records(kind), plan.guarantees().get(0), shape, 0);
    }

    private void growth() {
      boolean warm = plan.has(Mode.throughput);
      for (Shape shape : plan.shapes()) {
        String features = preload(shape, plan.records(kind));
        if (!warm) {
          warmBroker(features, shape);
          warm = true;
        }
        for (Subject subject : subjects()) {
          for (Guarantee guarantee : plan.guarantees()) {
            growth.add(throughput(subject, features, guarantee, shape, 1));
          }
        }
      }
    }

    private ThroughputResult throughput(
        Subject subject, String features, Guarantee guarantee, Shape shape, int round) {
      ThroughputResult result =
          throughputBench.run(subject, features, plan.records(kind), guarantee, shape, round);
      say(
          "%s %s %s %s round %d: %,.0f records/s, %.1f CPU s and %.1f broker CPU s per million,"
              + " peak %.0f MiB, started in %.1f s, others took %.2f cores",
          kind,
          guarantee,
          subject.name(),
          shape,
          round,
          result.recordsPerSecond(),
          result.cpuSecondsPerMillion(),
          result.brokerCpuSecondsPerMillion(),
          result.peakResidentMib(),
          result.startSeconds(),
          result.otherCores());
      return result;
    }

    private void latency() {
      LatencyBench bench = new LatencyBench(runs, model, cluster, plan.timing());
      for (Subject subject : subjects()) {
        for (Guarantee guarantee : plan.guarantees()) {
          String features = input(plan.shape(), LatencyBench.TOPICS);
          List<LatencyResult> results =
              bench.run(subject, features, guarantee, plan.shape(), plan.loads(), plan.maximum());
          latency.addAll(results);
          say("%s", PipelineTables.latency(results).markdown());
        }
      }
    }

    private void soak() {
      SoakBench bench = new SoakBench(runs, model, cluster);
      for (Subject subject : subjects()) {
        for (Guarantee guarantee : plan.guarantees()) {
          String features = input(plan.shape(), SoakBench.SHORT_LIVED);
          soak.add(
              bench.run(
                  subject,
                  features,
                  guarantee,
                  plan.shape(),
                  plan.soakRecords(),
                  Math.max(1, plan.soakRecords() / SOAK_POINTS),
                  point ->
                      say(
                          "%s %s: %,d records, %.0f s, resident %.1f MiB",
                          subject.name(),
                          guarantee,
                          point.records(),
                          point.seconds(),
                          point.residentBytes() / MIB)));
        }
      }
    }

    private String preload(Shape shape, long records) {
      String features = input(shape, Map.of());
      FeatureMessages messages =
          new FeatureMessages(model, features, shape.partitions(), cluster.registryUrl());
      Preload.send(messages, records, cluster.bootstrapServers());
      say("%s: %,d records of %,d bytes are there", kind, records, messages.valueBytes());
      return features;
    }

    private String input(Shape shape, Map<String, String> settings) {
      String features = "features" + ++inputs;
      runs.createInput(features, shape, settings);
      return features;
    }

    private List<Subject> subjects() {
      return plan.subjects().stream().map(this::subject).toList();
    }

    private Subject subject(String name) {
      return switch (name) {
        case "app" -> StreamsSubject.app(plan.home(), plan.javaOptions());
        case "watched" -> StreamsSubject.watched(plan.home(), plan.javaOptions());
        case "passthrough" -> StreamsSubject.passthrough(payloads, plan.javaOptions());
        case "python" ->
            new PythonSubject(
                plan.python().orElseThrow(),
                plan.home(),
                model.bundle().directory(),
                plan.pythonProcesses());
        default -> throw new BenchFailure("no subject is named '" + name + "'");
      };
    }
  }

  private void say(String format, Object... values) {
    log.accept(String.format(Locale.ROOT, format, values));
  }

  private static void delete(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, java.io.IOException e)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
