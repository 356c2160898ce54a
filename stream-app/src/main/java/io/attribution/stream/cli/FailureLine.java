package io.attribution.stream.cli;

import io.attribution.engine.bundle.Printable;
import io.attribution.stream.config.Causes;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** A failure as one line on standard error. */
final class FailureLine {
  private FailureLine() {}

  static String of(Throwable failure) {
    String message = Causes.withoutCredentials(oneLine(failure)) + locale(failure);
    if (failure instanceof ParameterException wrong) {
      String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
      return message + suggestion(wrong) + "; see '" + command + " --help'";
    }
    return ExitCode.of(failure) == ExitCode.FAILURE
        ? message + " (add --verbose for the details)"
        : message;
  }

  private static String oneLine(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank()
        ? failure.getClass().getSimpleName()
        : Printable.message(message.lines().map(String::strip).collect(Collectors.joining(" ")));
  }

  /** Java reads file names in the locale's characters: in C or POSIX these are ASCII only. */
  private static String locale(Throwable failure) {
    // picocli keeps the text only.
    return Causes.of(failure)
            .anyMatch(cause -> String.valueOf(cause.getMessage()).contains("unmappable"))
        ? "; the locale cannot spell it: set LC_ALL=C.UTF-8"
        : "";
  }

  private static String suggestion(ParameterException wrong) {
    List<String> suggestions =
        wrong instanceof UnmatchedArgumentException unmatched
            ? unmatched.getSuggestions()
            : List.of();
    return suggestions.isEmpty() ? "" : "; did you mean " + String.join(" or ", suggestions) + "?";
  }
}
