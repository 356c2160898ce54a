package io.attribution.stream.topology;

import org.apache.kafka.streams.processor.api.ProcessingContext;

/** Where the record at hand stands, for people. */
final class Positions {
  private Positions() {}

  static String of(ProcessingContext context) {
    return context
        .recordMetadata()
        .map(at -> at.topic() + "-" + at.partition() + "@" + at.offset())
        .orElse("no record");
  }
}
