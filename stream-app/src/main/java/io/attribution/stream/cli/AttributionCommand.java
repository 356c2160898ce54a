package io.attribution.stream.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.BiFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root command. */
@Command(
    name = "attribution",
    description =
        "Explains where a PyTorch encoder puts each record: which features moved its embedding, by"
            + " how much, and whether the explanation can be trusted.",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    usageHelpAutoWidth = true,
    sortOptions = false,
    synopsisHeading = "%nUsage: ",
    descriptionHeading = "%n",
    parameterListHeading = "%nParameters:%n",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    footer = {
      "  attribution bundle validate examples/wdbc/bundle",
      "  attribution explain --bundle examples/wdbc/bundle --input rows.csv \\",
      "      --output rows.jsonl",
      "  attribution explain --help",
      "  attribution bench --help        (how fast this machine is)"
    },
    footerHeading = "%nExamples:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:success",
      "1:any failure that is not one of these",
      "2:bad usage: an option, a setting or a device that cannot be used",
      "3:bad bundle: the message names the file and the key",
      "4:bad input: the message names the line and the column"
    })
public final class AttributionCommand implements Runnable {
  private final Verbosity verbosity = new Verbosity();
  @Spec private CommandSpec spec;

  private AttributionCommand() {}

  /** One line for each command. */
  private static List<Object> commands(StandardStreams streams, Verbosity verbosity) {
    return List.of(
        new RunCommand(streams),
        new ExplainCommand(streams),
        new ProduceCommand(streams, verbosity),
        new BundleCommand(),
        new TopicsCommand());
  }

  /**
   * Runs one command of this module.
   *
   * @return the exit code
   */
  public static int execute(StandardStreams streams, String... args) {
    return execute((s, v) -> new DemoElsewhere(), streams, args);
  }

  /**
   * Runs one command of this module, or the demonstration.
   *
   * @param demo makes the command {@code demo}
   * @return the exit code
   */
  public static int execute(
      BiFunction<StandardStreams, Verbosity, Object> demo,
      StandardStreams streams,
      String... args) {
    AttributionCommand root = new AttributionCommand();
    FailureReport failures = new FailureReport(streams, root.verbosity);
    CommandLine line = new CommandLine(root);
    line.addSubcommand(demo.apply(streams, root.verbosity));
    commands(streams, root.verbosity).forEach(line::addSubcommand);
    try (PrintWriter out = streams.text()) {
      return line.setCaseInsensitiveEnumValuesAllowed(true)
          .setOut(out)
          .setErr(streams.err())
          .setExecutionExceptionHandler(failures)
          .setParameterExceptionHandler(failures)
          .execute(args);
    } catch (Error e) {
      return failures.report(e);
    }
  }

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Log what happens to standard error, and show stack traces.")
  void verbose(boolean on) {
    if (on) {
      verbosity.raise();
    }
  }

  /** Without a subcommand: lists the subcommands. */
  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "Missing command: one of " + spec.subcommands().keySet());
  }
}
