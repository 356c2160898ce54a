package io.attribution.drift;

/** Where an input record stands on Kafka. */
public record Origin(String topic, int partition, long offset) {
  @Override
  public String toString() {
    return topic + "-" + partition + "@" + offset;
  }
}
