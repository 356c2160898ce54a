package io.attribution.cluster.feed;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Header;

/**
 * A record of the input, without the bytes of its value.
 *
 * @param timestamp event time in milliseconds since the epoch
 * @param row the number of its row of features
 */
public record FeedRecord(
    Optional<String> key,
    List<Header> headers,
    long timestamp,
    Content content,
    int row,
    Optional<String> recordId) {

  public FeedRecord {
    headers = List.copyOf(headers);
  }
}
