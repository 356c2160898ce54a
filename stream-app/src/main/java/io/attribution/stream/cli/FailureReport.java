package io.attribution.stream.cli;

import io.attribution.stream.config.Causes;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what a command throws into one line on standard error and an exit code. */
final class FailureReport implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private final StandardStreams streams;
  private final Verbosity verbosity;

  FailureReport(StandardStreams streams, Verbosity verbosity) {
    this.streams = streams;
    this.verbosity = verbosity;
  }

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    return report(failure);
  }

  @Override
  public int handleParseException(ParameterException failure, String[] args) {
    return report(failure instanceof MissingParameterException ? mistyped(failure) : failure);
  }

  /** An option is often missing because it was mistyped, which picocli would look at later. */
  private static ParameterException mistyped(ParameterException missing) {
    for (CommandLine line = missing.getCommandLine(); line != null; line = line.getParent()) {
      List<String> unknown = line.getUnmatchedArguments();
      if (!unknown.isEmpty()) {
        return new UnmatchedArgumentException(line, unknown);
      }
    }
    return missing;
  }

  int report(Throwable failure) {
    streams.fail(
        FailureLine.of(failure),
        Optional.of(failure).filter(any -> verbosity.isRaised()).map(FailureReport::trace));
    return ExitCode.of(failure).number();
  }

  private static String trace(Throwable failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    return Causes.withoutCredentials(trace.toString());
  }
}
