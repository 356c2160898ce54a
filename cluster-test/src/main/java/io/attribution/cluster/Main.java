package io.attribution.cluster;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.attribution.cluster.ClusterTest.Outcome;
import io.attribution.cluster.fault.FaultKind;
import io.attribution.cluster.process.Checkout;
import io.attribution.cluster.process.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code attribution cluster-test}. */
@Command(
    name = "attribution cluster-test",
    description = {
      "Starts three brokers, a registry and several instances on this machine, causes faults while"
          + " records flow, and checks that every record has exactly one output on every topic, or"
          + " one dead letter, unchanged and in order.",
      "",
      "Exit code 1 when a record is lost, doubled, altered or out of order, or when the"
          + " application does not recover."
    },
    usageHelpAutoWidth = true,
    sortOptions = false)
public final class Main implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Decides records, faults and their order. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--records",
      defaultValue = "10000",
      description =
          "Records to write, at least: records flow until the last fault is over. Default:"
              + " ${DEFAULT-VALUE}.")
  private int records;

  @Option(
      names = "--rate",
      defaultValue = "500",
      description = "Records per second while there are faults. Default: ${DEFAULT-VALUE}.")
  private int rate;

  @Option(
      names = "--instances",
      defaultValue = "2",
      description = "Instances between faults. Default: ${DEFAULT-VALUE}.")
  private int instances;

  @Option(
      names = "--partitions",
      defaultValue = "6",
      description = "Partitions of every topic. Default: ${DEFAULT-VALUE}.")
  private int partitions;

  @Option(
      names = "--guarantee",
      defaultValue = "exactly_once_v2",
      description = "exactly_once_v2 or at_least_once. Default: ${DEFAULT-VALUE}.")
  private String guarantee;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting of the application. Repeatable.")
  private Map<String, String> settings = Map.of();

  @Option(
      names = "--directory",
      description = "For logs, records and state; kept. Default: a new temporary one.")
  private Optional<Path> directory = Optional.empty();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  private Main() {}

  /** See {@code attribution cluster-test --help}. */
  public static void main(String[] args) {
    silenceClients();
    CommandLine line = new CommandLine(new Main());
    for (FaultKind kind : FaultKind.values()) {
      line.getCommandSpec().addOption(option(kind));
    }
    System.exit(line.setExecutionExceptionHandler(Main::explain).execute(args));
  }

  private static OptionSpec option(FaultKind kind) {
    return OptionSpec.builder(kind.option())
        .type(int.class)
        .paramLabel("N")
        .defaultValue(String.valueOf(kind.usual()))
        .description(kind.description() + " Default: ${DEFAULT-VALUE}.")
        .build();
  }

  /** This process's own clients, which say for every broker that is gone that it is gone. */
  private static void silenceClients() {
    for (String name : List.of("org.apache.kafka", "io.confluent")) {
      if (LoggerFactory.getLogger(name) instanceof Logger logback) {
        logback.setLevel(Level.OFF);
      }
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Outcome outcome = ClusterTest.of(plan(), records, faults(), isExactlyOnce(), log()).run();
    spec.commandLine().getOut().println(OutcomeTable.of(outcome));
    return outcome.isPassed() ? 0 : 1;
  }

  private Map<FaultKind, Integer> faults() {
    return Stream.of(FaultKind.values())
        .collect(Collectors.toMap(kind -> kind, kind -> spec.findOption(kind.option()).getValue()));
  }

  private Deployment.Plan plan() throws IOException {
    if (partitions < 1 || instances < 1 || rate < 1 || records < 1) {
      throw new ParameterException(
          spec.commandLine(), "--records, --rate, --instances and --partitions are at least 1");
    }
    Path home = Path.of(System.getProperty("attribution.home", ".")).toAbsolutePath().normalize();
    Path work =
        directory.isPresent()
            ? Files.createDirectories(directory.get().toAbsolutePath())
            : Files.createTempDirectory("cluster-test-");
    log().accept("logs, records and state: " + work);
    Map<String, String> all = new HashMap<>(settings);
    all.put("processing.guarantee", guarantee);
    return new Deployment.Plan(new Checkout(home), work, all, partitions, instances, rate, seed);
  }

  private boolean isExactlyOnce() {
    return switch (guarantee) {
      case "exactly_once_v2" -> true;
      case "at_least_once" -> false;
      default ->
          throw new ParameterException(
              spec.commandLine(), "--guarantee is exactly_once_v2 or at_least_once");
    };
  }

  private Consumer<String> log() {
    return new Clock(System.nanoTime())::print;
  }

  /** Lines with the seconds since the start. */
  private record Clock(long begin) {
    void print(String line) {
      Duration since = Duration.ofNanos(System.nanoTime() - begin);
      System.out.printf("%5d s  %s%n", since.toSeconds(), line);
    }
  }

  /** One line: a fault that the application did not survive, or a machine without room. */
  private static int explain(Exception failure, CommandLine command, ParseResult parsed)
      throws Exception {
    if (failure instanceof IOException || failure instanceof IllegalStateException) {
      command.getErr().println("cluster-test: " + failure.getMessage());
      return 1;
    }
    throw failure;
  }
}
