package io.attribution.benchmarks.pipeline;

import io.attribution.stream.topics.Topics;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * What one run asks of a subject.
 *
 * @param id the consumer group, which no other run uses
 * @param settings the application's configuration file, complete
 * @param directory for logs and state
 */
record Assignment(
    String id,
    Topics topics,
    Guarantee guarantee,
    Shape shape,
    Map<String, String> settings,
    Path directory) {

  String setting(String key) {
    return Objects.requireNonNull(settings.get(key), key);
  }

  boolean exactlyOnce() {
    return guarantee == Guarantee.exactly_once_v2;
  }
}
