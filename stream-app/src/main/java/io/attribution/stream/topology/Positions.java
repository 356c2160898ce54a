package io.attribution.stream.topology;

import org.apache.kafka.streams.processor.api.ProcessingContext;

/** The position of the current record, for log lines. */
final class Positions {
  private Positions() {}

  static String of(ProcessingContext context) {
    return context
        .recordMetadata()
        .map(at -> at.topic() + "-" + at.partition() + "@" + at.offset())
        .orElse("no record");
  }
}
