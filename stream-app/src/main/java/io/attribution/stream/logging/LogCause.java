package io.attribution.stream.logging;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a log line is about, so that lines of the same cause can be counted instead of repeated.
 * Kafka's clients say the same thing from every client, thread and class, each with its own names
 * and numbers.
 */
final class LogCause {
  private static final String KAFKA = "org.apache.kafka.";
  private static final int LENGTH = 100;

  /** {@code [Consumer clientId=…, groupId=…] }, which Kafka's clients put in front. */
  private static final Pattern PREFIXES = Pattern.compile("^(\\s*(\\[[^\\]]*\\]|stream-\\S+))+");

  /** Names, numbers and positions differ from line to line: what has a digit in it is left out. */
  private static final Pattern NUMBERED = Pattern.compile("[^\\s,;()\\[\\]{}='\"]*\\d[^\\s,;()]*");

  /** The name of an error in Kafka's protocol. */
  private static final Pattern CODE = Pattern.compile("\\b[A-Z]{3,}(_[A-Z]+)+\\b");

  private static final Pattern UNREACHABLE =
      Pattern.compile(
          "disconnect|could not be established|not be available|unavailable|timed? ?out|timeout"
              + "|error sending fetch|unable to connect|connection refused|unknownhost"
              + "|rebootstrap|no available|coordinator",
          Pattern.CASE_INSENSITIVE);

  private static final Set<String> UNREACHABLE_CODES =
      Set.of(
          "NETWORK_EXCEPTION",
          "REQUEST_TIMED_OUT",
          "BROKER_NOT_AVAILABLE",
          "LEADER_NOT_AVAILABLE",
          "LISTENER_NOT_FOUND",
          "NOT_LEADER_OR_FOLLOWER",
          "FENCED_LEADER_EPOCH",
          "UNKNOWN_LEADER_EPOCH",
          "KAFKA_STORAGE_ERROR",
          "NOT_COORDINATOR",
          "COORDINATOR_NOT_AVAILABLE",
          "COORDINATOR_LOAD_IN_PROGRESS",
          "NOT_CONTROLLER");

  private LogCause() {}

  /** Whether the line is another library's. */
  static boolean isForeign(String logger) {
    return !logger.startsWith("io.attribution.");
  }

  /**
   * @param line the message and, where there is one, the exception
   * @return the same for lines of one cause
   */
  static String of(String logger, String line) {
    return logger.startsWith(KAFKA) ? kafka(logger, line) : logger + " " + shape(line);
  }

  private static String kafka(String logger, String line) {
    Matcher code = CODE.matcher(line);
    if (code.find() && !UNREACHABLE_CODES.contains(code.group())) {
      return KAFKA + code.group();
    }
    return code.reset().find() || UNREACHABLE.matcher(line).find()
        ? KAFKA + "unreachable"
        : logger + " " + shape(line);
  }

  private static String shape(String line) {
    String text = NUMBERED.matcher(PREFIXES.matcher(line).replaceFirst("")).replaceAll("#");
    return text.length() <= LENGTH ? text : text.substring(0, LENGTH);
  }
}
