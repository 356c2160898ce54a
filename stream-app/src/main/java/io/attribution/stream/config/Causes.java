package io.attribution.stream.config;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What an exception and its causes say, as one line: libraries put the reason at either end. */
public final class Causes {
  private static final int MAX_CAUSES = 20;

  /** User and password of an address. */
  private static final Pattern USER_INFO =
      Pattern.compile("(://)([^/@\\s,]*|[^/@\\s,]*:[^@\\s,]*)@");

  private Causes() {}

  /** The exception and its causes, the outermost first. */
  public static Stream<Throwable> of(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause).limit(MAX_CAUSES);
  }

  /** Every message once, the outermost first, without credentials in addresses. */
  public static String line(Throwable failure) {
    List<String> said = new ArrayList<>();
    of(failure)
        .map(Causes::text)
        .filter(text -> said.stream().noneMatch(earlier -> earlier.contains(text)))
        .forEach(said::add);
    return withoutCredentials(String.join(": ", said));
  }

  /** A text in which user and password of addresses are left out. */
  public static String withoutCredentials(String text) {
    return USER_INFO.matcher(text).replaceAll("$1[hidden]@");
  }

  private static String text(Throwable failure) {
    String message = failure.getMessage();
    if (failure instanceof NoSuchFileException) {
      return "there is no file " + message;
    }
    if (failure instanceof AccessDeniedException) {
      return "no right to read " + message;
    }
    if (message == null || message.isBlank()) {
      return failure.getClass().getSimpleName();
    }
    // A message that only repeats its cause's class and text.
    Throwable cause = failure.getCause();
    return cause != null && message.equals(cause.toString())
        ? text(cause)
        : message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
