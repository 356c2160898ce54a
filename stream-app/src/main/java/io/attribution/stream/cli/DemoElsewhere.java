package io.attribution.stream.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** Lists the demonstration in the help; the module demo implements it. */
@Command(
    name = "demo",
    description =
        "Shows records being explained as they arrive, with nothing to install: a Kafka broker, a"
            + " Schema Registry, an example's records and the real topology, all in one process.")
final class DemoElsewhere implements Runnable {
  @Spec private CommandSpec spec;
  @Unmatched private final List<String> options = new ArrayList<>();

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(),
        "demo brings a Kafka broker of its own, which this distribution leaves out; run"
            + " ./attribution demo"
            + options.stream().map(" "::concat).collect(Collectors.joining())
            + " in a checkout of the sources");
  }
}
