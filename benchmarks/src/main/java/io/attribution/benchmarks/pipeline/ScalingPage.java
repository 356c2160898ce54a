package io.attribution.benchmarks.pipeline;

import io.attribution.benchmarks.report.Figures;
import io.attribution.benchmarks.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a million records per second would take: measured figures of this machine, assumptions that
 * are marked as such, and arithmetic on both. Nothing here was measured at that rate.
 */
record ScalingPage(PipelineResults results) {
  private static final double TARGET = 1e6;
  private static final String PLACEHOLDER = "*not measured yet*";
  private static final double MB = 1e6;

  /** A machine's cores are planned to be busy to this share, so that a restart can be caught up. */
  private static final double UTILISATION = 0.6;

  private static final int CORES_PER_MACHINE = 16;

  /** What one broker takes in from producers and replicas together, in bytes per second. */
  private static final double BROKER_BYTES = 200 * MB;

  private static final int REPLICAS = 3;

  private static final List<String> MODELS = List.of("digits", "wide");

  String markdown() {
    return """
        # A million records per second

        Written by `./attribution bench pipeline` from its results; do not edit. **Nothing on this page was measured
        at that rate.** It multiplies what one small machine did by what is assumed below, and says which is which.

        """
        + growth()
        + models()
        + assumptions();
  }

  private String growth() {
    String measured =
        results.growth().isEmpty()
            ? PLACEHOLDER
                + ": `./attribution bench pipeline --mode growth --partitions 1,2,4 --threads 1,2"
                + " --instances 1,2`\n"
            : PipelineTables.growth(results.growth()).markdown();
    return "## How it grows on this machine\n\n"
        + measured
        + "\nP × T × I: partitions, stream threads, instances. Broker and application share the cores of this"
        + " machine, so that more than one thread per core cannot help here.\n\n";
  }

  private String models() {
    return MODELS.stream().map(this::model).collect(Collectors.joining());
  }

  private String model(String model) {
    List<ThroughputResult> runs =
        results.throughput().stream()
            .filter(run -> run.model().equals(model))
            .filter(run -> run.subject().equals("app"))
            .filter(run -> run.guarantee() == Guarantee.exactly_once_v2)
            .toList();
    String title = "## " + model + ", exactly once\n\n";
    return runs.isEmpty()
        ? title + PLACEHOLDER + ": `./attribution bench pipeline --model " + model + "`\n\n"
        : title + table(runs).markdown() + "\n";
  }

  private static Table table(List<ThroughputResult> runs) {
    double cpu = Summary.median(runs, "app", ThroughputResult::cpuSecondsPerMillion);
    double broker = Summary.median(runs, "app", ThroughputResult::brokerCpuSecondsPerMillion);
    double input = (double) runs.get(0).inputBytes();
    double outputs = (double) runs.get(0).outputBytes();
    double in = TARGET * input;
    double out = TARGET * outputs;
    List<List<String>> rows = new ArrayList<>();
    row(rows, "CPU seconds of the application per million records", cpu, "measured: throughput");
    row(rows, "CPU seconds of the broker per million records", broker, "measured: throughput");
    row(rows, "bytes of an input record", input, "measured: its message");
    row(rows, "bytes of its outputs, uncompressed", outputs, "measured: their messages");
    row(rows, "application cores that are busy", cpu, "= CPU seconds for 1 s of records");
    row(rows, "application machines", machines(cpu), machineRule());
    row(rows, "MB/s into the application", in / MB, "= bytes × 1 M/s");
    row(rows, "MB/s out of the application", out / MB, "= bytes × 1 M/s");
    row(rows, "MB/s onto brokers, copies included", REPLICAS * (in + out) / MB, "= (in + out) × 3");
    row(
        rows,
        "brokers, by bytes",
        Math.ceil(REPLICAS * (in + out) / BROKER_BYTES),
        "assumed: 200 MB/s each");
    row(rows, "partitions, at least", Math.ceil(cpu / UTILISATION), "one for each stream thread");
    return new Table(
        "For 1,000,000 records per second", List.of("what", "figure", "where from"), rows);
  }

  private static double machines(double cores) {
    return Math.ceil(cores / (CORES_PER_MACHINE * UTILISATION));
  }

  private static String machineRule() {
    return String.format(
        Locale.ROOT, "assumed: %d cores each, %.0f %% busy", CORES_PER_MACHINE, 100 * UTILISATION);
  }

  private static void row(List<List<String>> rows, String what, double figure, String from) {
    rows.add(List.of(what, Figures.of(figure), from));
  }

  private static String assumptions() {
    return """
        ## What is assumed

        | assumption | why, and what would change it |
        |---|---|
        | CPU per record stays what it is here | Partitions share nothing: no record waits for another partition's. More brokers mean more, smaller requests, which cost more. Other cores are faster or slower. |
        | stream threads of one machine do not slow each other down | Each has its own batch, store and producer, and libtorch's threads are cores / stream threads. Memory bandwidth is shared: for wide models measure on the machine that is planned. |
        | a broker takes 200 MB/s, replicas included | A sober figure for one with a 10 Gbit/s network and SSDs; measure yours. |
        | three copies of every topic | Usual for what must not be lost. The broker here keeps one, so its CPU seconds are too few. |
        | 60 % busy | The rest is for catching up after a restart, and for latency. |
        | bytes are not compressed | Real vectors hardly are; `digits` is an exception. |
        | a GPU does the matrix products of W cores | Measured apart ([On a GPU](gpu.md)), not in a stream. With the card's own matrix rate from that page: GPUs = 1 M × FLOP per record / (rate × share that the engine reaches), and decoding and encoding stay on the cores. |
        | exactly-once coordinators keep up | Each stream thread commits ten times a second: with N threads that is 10·N transactions per second over all brokers. |
        """;
  }
}
