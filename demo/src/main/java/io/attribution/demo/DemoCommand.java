package io.attribution.demo;

import io.attribution.stream.cli.ExitCode;
import io.attribution.stream.cli.StandardStreams;
import io.attribution.stream.cli.Verbosity;
import io.attribution.stream.terminal.StopSignal;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code attribution demo}: the whole system at work in one process. */
@Command(
    name = "demo",
    description = {
      "Shows records being explained as they arrive, with nothing to install: a Kafka broker, a"
          + " Schema Registry, an example's records and the real topology, all in this process.",
      "",
      "A few bad records are sent on purpose, to show where they go. With --records, the topics are"
          + " read back at the end and every record is checked: exit code 1 if one was lost or"
          + " doubled. Where standard output is no terminal, lines are printed instead of the live"
          + " view. Kafka and the topology log to a file, which is named when something fails, or"
          + " with --verbose."
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
  @Mixin private DemoOptions options;

  DemoCommand(StandardStreams streams, Verbosity verbosity) {
    this.streams = streams;
    this.verbosity = verbosity;
  }

  @Override
  public Integer call() {
    // Closed in reverse order: the signal ends the process, so the log is deleted before.
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
      if (new Demo(options, output, stop).run()) {
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
}
