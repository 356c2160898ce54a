package io.attribution.engine.runtime;

import io.attribution.engine.bundle.Printable;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The sentence of a failure that says why. libtorch's messages are pages: a heading, a stack trace
 * of the encoder, the reason, and at times a list of every backend and where it was built.
 */
public final class LibTorchReason {
  /** Python's form, which TorchScript keeps: RuntimeError, torch.jit.Error, ValueError. */
  private static final Pattern ERROR = Pattern.compile("(?:\\w+\\.)*\\w*(?:Error|Exception): .+");

  private static final List<String> HEADINGS =
      List.of("The following operation failed", "Traceback of TorchScript", "File \"");

  private static final int LONGEST_PARAGRAPH = 300;

  private LibTorchReason() {}

  /** One line; the failure's class where it says nothing. */
  public static String of(Throwable failure) {
    List<String> lines =
        String.valueOf(failure.getMessage())
            .lines()
            .map(String::strip)
            .filter(line -> HEADINGS.stream().noneMatch(line::startsWith))
            .filter(line -> line.chars().anyMatch(Character::isLetterOrDigit))
            .toList();
    String reason =
        lines.stream()
            .filter(line -> ERROR.matcher(line).matches())
            .reduce((first, last) -> last)
            .or(() -> lines.stream().findFirst())
            .orElse(failure.getClass().getSimpleName());
    return Printable.message(reason.length() > LONGEST_PARAGRAPH ? firstSentence(reason) : reason);
  }

  private static String firstSentence(String paragraph) {
    int end = paragraph.indexOf(". ");
    return end < 0 ? Printable.excerpt(paragraph) : paragraph.substring(0, end + 1);
  }
}
