package io.attribution.cluster.check;

import static io.attribution.cluster.check.Violation.ALTERED;
import static io.attribution.cluster.check.Violation.LOST;
import static io.attribution.cluster.check.Violation.MISCOUNTED;
import static io.attribution.cluster.check.Violation.UNKNOWN;
import static io.attribution.cluster.check.Violation.WRONG_FATE;

import io.attribution.cluster.feed.Feed;
import io.attribution.cluster.feed.FeedRecord;
import io.attribution.cluster.feed.Ledger;
import io.attribution.drift.Origin;
import io.attribution.engine.attribution.Rejected.Reason;
import io.attribution.stream.topics.Topics;
import io.attribution.stream.topology.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Holds what a reader of committed records finds against what was written to the input. Every good
 * record has one output on each topic, every bad one has one dead letter; key, headers, timestamp
 * and the order of each input partition are those of the input; verification counts the explained
 * rows. Streaming: it keeps a bit per record and topic, and no record. Not thread-safe.
 */
public final class CompletenessCheck {
  private static final int LETTER_HEADERS = 5;

  private final Feed feed;
  private final Ledger ledger;
  private final boolean exactlyOnce;
  private final Topics topics;
  private final Map<String, TopicTally> outputs = new LinkedHashMap<>();
  private final TopicTally letters;
  private final TopicTally verification;
  private final Embeddings embeddings = new Embeddings();
  private final long[] verified;
  private final long[] good;
  private long refused;

  /**
   * @param ledger of everything that was written: the feeder has finished
   * @param exactlyOnce else at least once: outputs may be doubled, and such without a key may stand
   *     in another order
   */
  public CompletenessCheck(Feed feed, Ledger ledger, Topics topics, boolean exactlyOnce) {
    this.feed = feed;
    this.ledger = ledger;
    this.topics = topics;
    this.exactlyOnce = exactlyOnce;
    int partitions = ledger.partitions();
    for (String output : List.of(topics.projected(), topics.reduced())) {
      outputs.put(output, new TopicTally(output, partitions));
    }
    this.letters = new TopicTally(topics.deadLetter(), partitions);
    this.verification = new TopicTally(topics.verification(), partitions);
    this.verified = new long[partitions];
    this.good = new long[partitions];
    forEachInput((source, record) -> expect(source.partition(), record));
  }

  private void expect(int partition, FeedRecord record) {
    if (record.content().refusal().isPresent()) {
      refused++;
    } else {
      good[partition]++;
    }
  }

  /** A record of the projected or the reduced topic. */
  public void explained(ConsumerRecord<byte[], byte[]> delivered, Explanation explanation) {
    TopicTally tally = tally(delivered.topic());
    tally.delivered();
    find(tally, explanation.source())
        .ifPresent(record -> explained(tally, delivered, explanation, record));
  }

  private TopicTally tally(String topic) {
    TopicTally tally = outputs.get(topic);
    if (tally == null) {
      throw new IllegalArgumentException(topic + " is no output");
    }
    return tally;
  }

  private void explained(
      TopicTally tally,
      ConsumerRecord<byte[], byte[]> delivered,
      Explanation explanation,
      FeedRecord record) {
    Origin source = explanation.source();
    tally.add(source, delivered.partition(), isOrdered(record));
    if (record.content().refusal().isPresent()) {
      tally.violation(WRONG_FATE, source, "explained, though " + record.content());
      return;
    }
    compare(tally, source, record, delivered, 0);
    if (!explanation.recordId().equals(record.recordId())) {
      tally.violation(ALTERED, source, "recordId " + explanation.recordId());
    }
    if (!embeddings.agrees(record.row(), explanation.embedding())) {
      tally.violation(ALTERED, source, "the explanation of another row");
    }
  }

  /** A record of the dead-letter topic. */
  public void refused(ConsumerRecord<byte[], byte[]> letter) {
    letters.delivered();
    source(letter)
        .ifPresent(
            source -> find(letters, source).ifPresent(record -> refused(source, letter, record)));
  }

  private void refused(Origin source, ConsumerRecord<byte[], byte[]> letter, FeedRecord record) {
    letters.add(source, letter.partition(), isOrdered(record));
    Optional<Reason> expected = record.content().refusal();
    if (expected.isEmpty()) {
      letters.violation(WRONG_FATE, source, "a good record: " + reason(letter));
      return;
    }
    compare(letters, source, record, letter, LETTER_HEADERS);
    if (!Arrays.equals(letter.value(), feed.refusedValue(record))) {
      letters.violation(ALTERED, source, "value");
    }
    if (!reason(letter).equals(expected.get().label())) {
      letters.violation(ALTERED, source, reason(letter) + ", not " + expected.get().label());
    }
  }

  private Optional<Origin> source(ConsumerRecord<byte[], byte[]> letter) {
    try {
      return Optional.of(DeadLetters.source(letter.headers()));
    } catch (NullPointerException | NumberFormatException e) {
      String at = letter.partition() + "@" + letter.offset();
      letters.violation(UNKNOWN, "letter " + at + " does not name its record", 1);
      return Optional.empty();
    }
  }

  private static String reason(ConsumerRecord<byte[], byte[]> letter) {
    Header header = letter.headers().lastHeader(DeadLetters.REASON);
    return header == null ? "no reason" : new String(header.value(), StandardCharsets.UTF_8);
  }

  /** A record of the verification topic: so many rows of one input partition. */
  public void verified(Origin first, long count) {
    verification.delivered();
    if (find(verification, first).isPresent()) {
      verified[first.partition()] += count;
    }
  }

  private Optional<FeedRecord> find(TopicTally tally, Origin source) {
    int index = ledger.index(source.partition(), source.offset());
    if (index == Ledger.NONE || !source.topic().equals(topics.features())) {
      tally.violation(UNKNOWN, source, "not in the input " + topics.features());
      return Optional.empty();
    }
    return Optional.of(feed.record(index));
  }

  /** Without a key, a repeated record may go to another partition than the first time. */
  private boolean isOrdered(FeedRecord record) {
    return exactlyOnce || record.key().isPresent();
  }

  private static void compare(
      TopicTally tally,
      Origin source,
      FeedRecord record,
      ConsumerRecord<byte[], byte[]> delivered,
      int moreHeaders) {
    byte[] key = record.key().map(k -> k.getBytes(StandardCharsets.UTF_8)).orElse(null);
    if (!Arrays.equals(key, delivered.key())) {
      tally.violation(ALTERED, source, "key");
    }
    if (record.timestamp() != delivered.timestamp()) {
      String times = delivered.timestamp() + ", not " + record.timestamp();
      tally.violation(ALTERED, source, "timestamp " + times);
    }
    Header[] headers = delivered.headers().toArray();
    int own = headers.length - moreHeaders;
    if (own < 0 || !record.headers().equals(List.of(headers).subList(0, own))) {
      tally.violation(ALTERED, source, "headers");
    }
  }

  /** Whether every record has an outcome on every topic, right or wrong. */
  public boolean isComplete() {
    long explained = Arrays.stream(good).sum();
    return outputs.values().stream().allMatch(tally -> tally.distinct() >= explained)
        && letters.distinct() >= refused
        && Arrays.stream(verified).sum() >= explained;
  }

  /** Outcomes seen so far: whether it grows shows whether the application still works. */
  public long progress() {
    long explained = outputs.values().stream().mapToLong(TopicTally::distinct).sum();
    return explained + letters.distinct() + Arrays.stream(verified).sum();
  }

  /** What is wrong when nothing more will be delivered; to be called once. */
  public Findings findings() {
    forEachInput(this::findLost);
    for (int partition = 0; partition < good.length; partition++) {
      count(partition);
    }
    long explained = Arrays.stream(good).sum();
    List<Findings.Topic> found = new ArrayList<>();
    outputs.values().forEach(tally -> found.add(tally.findings(explained)));
    found.add(letters.findings(refused));
    found.add(verification.findings(explained));
    return new Findings(found, exactlyOnce ? List.of() : List.of(Violation.DOUBLED));
  }

  private void findLost(Origin source, FeedRecord record) {
    int offset = Math.toIntExact(source.offset());
    boolean isLetter = letters.has(source.partition(), offset);
    if (record.content().refusal().isPresent()) {
      if (!isLetter) {
        letters.violation(LOST, source, String.valueOf(record.content()));
      }
      return;
    }
    for (TopicTally tally : outputs.values()) {
      if (!isLetter && !tally.has(source.partition(), offset)) {
        tally.violation(LOST, source, "no output");
      }
    }
  }

  private void count(int partition) {
    long difference = verified[partition] - good[partition];
    if (difference < 0 || (exactlyOnce && difference > 0)) {
      String detail =
          "partition %d: %d rows, not %d"
              .formatted(partition, verified[partition], good[partition]);
      verification.violation(MISCOUNTED, detail, Math.abs(difference));
    }
  }

  private void forEachInput(InputVisitor visitor) {
    for (int partition = 0; partition < ledger.partitions(); partition++) {
      for (int offset = 0; offset < ledger.end(partition); offset++) {
        int index = ledger.index(partition, offset);
        if (index != Ledger.NONE) {
          visitor.visit(new Origin(topics.features(), partition, offset), feed.record(index));
        }
      }
    }
  }

  private interface InputVisitor {
    void visit(Origin source, FeedRecord record);
  }
}
