package io.attribution.stream.config;

import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;

/** Validates the name of a topic, or a prefix of one, by Kafka's rules. */
final class TopicName {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

  private TopicName() {}

  /**
   * @throws ConfigException when a value is not a valid name
   */
  static void require(String key, Object value) {
    String name = String.valueOf(value);
    if (!NAME.matcher(name).matches() || name.equals(".") || name.equals("..")) {
      throw new ConfigException(
          key, value, "A topic's name has 1 to 249 letters, digits, '.', '_' and '-'");
    }
  }
}
