package io.attribution.benchmarks;

import io.attribution.benchmarks.codec.CodecCommand;
import io.attribution.benchmarks.drift.DriftCommand;
import io.attribution.benchmarks.engine.EngineCommand;
import io.attribution.benchmarks.pipeline.PipelineCommand;
import io.attribution.engine.bundle.BundleException;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** {@code attribution bench}: one subcommand for each thing that is measured. */
@Command(
    name = "attribution bench",
    description =
        "Measures this machine: every figure is a ratio between two things that ran side by side. For"
            + " drift it counts alarms in simulated streams.",
    scope = ScopeType.INHERIT,
    usageHelpAutoWidth = true,
    sortOptions = false,
    subcommands = {
      EngineCommand.class,
      CodecCommand.class,
      PipelineCommand.class,
      DriftCommand.class
    })
public final class Main {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help and exit.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  private Main() {}

  /** See {@code attribution bench --help}. */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Main()).setExecutionExceptionHandler(Main::explain).execute(args));
  }

  /** One line for what a person can mend; the stack trace of what only a developer can. */
  private static int explain(Exception failure, CommandLine command, ParseResult parsed)
      throws Exception {
    if (failure instanceof IOException
        || failure instanceof IllegalStateException
        || failure instanceof BundleException) {
      command.getErr().println("bench: " + failure.getMessage());
      return 1;
    }
    throw failure;
  }
}
