package io.attribution.demo;

import io.attribution.engine.runtime.EngineKind;
import io.attribution.stream.cli.ExitCode;
import io.attribution.stream.cli.Label;
import io.attribution.stream.cli.PositiveInt;
import io.attribution.stream.cli.Rate;
import io.attribution.stream.cli.StandardStreams;
import io.attribution.stream.cli.Verbosity;
import io.attribution.stream.config.BatchConfig;
import io.attribution.stream.config.ModelsConfig;
import io.attribution.stream.terminal.StopSignal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows everything at work, with nothing but this process. */
@Command(
    name = "demo",
    description = {
      "Shows records being explained as they arrive, with nothing to install: a Kafka broker, a"
          + " Schema Registry, an example's records and the real topology, all in this process.",
      "",
      "A few bad records are sent on purpose, to show where they go. With --records, every record"
          + " is accounted for at the end by reading the topics back: exit code 1 if one was lost"
          + " or doubled. Where standard output is no terminal, lines are printed instead of the"
          + " live view. What Kafka and the topology log goes to a file, which is named when"
          + " something fails, or with --verbose."
    },
    footer = {
      "  attribution demo",
      "  attribution demo --example wdbc --rate 20",
      "  attribution demo --records 2000 --keep",
      "  attribution demo --inject bias"
    })
final class DemoCommand implements Callable<Integer> {
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

  private final StandardStreams streams;
  private final Verbosity verbosity;
  @Spec private CommandSpec spec;

  @Option(
      names = "--example",
      paramLabel = "NAME",
      defaultValue = "digits",
      description =
          "digits (8 x 8 pixels of handwriting) or wdbc (30 measurements of cell nuclei)."
              + " Default: ${DEFAULT-VALUE}.")
  private String example;

  @Option(
      names = "--records",
      paramLabel = "N",
      converter = PositiveInt.class,
      description =
          "Stop after N records, bad ones included, and check what came of them."
              + " Default: go on until Ctrl-C.")
  private @Nullable Integer records;

  @Option(
      names = "--rate",
      paramLabel = "N",
      converter = Rate.class,
      description =
          "Records per second, evenly spaced, or 'unlimited'. Default: 200; with --records, what"
              + " takes about ten seconds, but at least 500.")
  private @Nullable Double rate;

  @Option(
      names = "--keep",
      description =
          "After --records, leave broker, registry and topology up until Ctrl-C, and print how to"
              + " read the topics with ordinary Kafka tools.")
  private boolean keep;

  @Option(
      names = "--inject",
      paramLabel = "FAULT",
      converter = OfInjection.class,
      description = {
        "Break something on purpose and watch the right alert come, with its cause: bias, mean or"
            + " detach (the encoder, of the example digits), or shift (one feature of the data: from"
            + " the first record on where the bundle has a reference, as digits has; else after 20"
            + " seconds or half of the records). With --records, exit code 1 if it does not come, or"
            + " another one does."
      })
  private @Nullable Injection inject;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      converter = PositiveInt.class,
      description = "Rows that make a batch full (batch.max.records).")
  private @Nullable Integer batchSize;

  @Option(
      names = "--batch-linger",
      paramLabel = "MS",
      converter = PositiveInt.class,
      description = "Milliseconds that a row waits for others (batch.linger.ms).")
  private @Nullable Integer batchLinger;

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      defaultValue = "auto",
      converter = Label.OfEngine.class,
      description = "layers, autograd or auto. Default: ${DEFAULT-VALUE}.")
  private EngineKind engine;

  /** bias, mean, detach or shift. */
  static final class OfInjection extends Label<Injection> {
    OfInjection() {
      super(Injection::of);
    }
  }

  DemoCommand(StandardStreams streams, Verbosity verbosity) {
    this.streams = streams;
    this.verbosity = verbosity;
  }

  @Override
  public Integer call() {
    // The log goes away before the signal lets the process go.
    try (StopSignal stop = StopSignal.open(STOP_TIMEOUT);
        DemoLog log = new DemoLog()) {
      if (verbosity.isRaised()) {
        keep(log);
      }
      return run(stop, log).number();
    }
  }

  private ExitCode run(StopSignal stop, DemoLog log) {
    try {
      DemoOutput output = DemoOutput.of(streams.out(), spec.commandLine().getOut());
      if (new Demo(options(), output).run(stop)) {
        return ExitCode.OK;
      }
      keep(log);
      return ExitCode.FAILURE;
    } catch (RuntimeException e) {
      if (ExitCode.of(e) == ExitCode.FAILURE) {
        keep(log);
      }
      throw e;
    }
  }

  private void keep(DemoLog log) {
    log.keep();
    streams.say("the log is in " + log.file());
  }

  private DemoOptions options() {
    Map<String, String> settings = new HashMap<>();
    settings.put(ModelsConfig.ENGINE, engine.label());
    if (batchSize != null) {
      settings.put(BatchConfig.MAX_RECORDS, batchSize.toString());
    }
    if (batchLinger != null) {
      settings.put(BatchConfig.LINGER, batchLinger.toString());
    }
    return new DemoOptions(
        Path.of(System.getProperty("attribution.home", ".")),
        example,
        records == null ? OptionalLong.empty() : OptionalLong.of(records),
        rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate),
        keep,
        Optional.ofNullable(inject),
        settings);
  }
}
