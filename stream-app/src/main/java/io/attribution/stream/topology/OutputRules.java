package io.attribution.stream.topology;

import io.attribution.drift.Origin;
import io.attribution.engine.attribution.Rejected;
import io.attribution.stream.pending.InputLimit;
import io.attribution.stream.pending.InputRecord;
import io.attribution.stream.topics.TopicLimits;
import io.attribution.stream.topics.Topics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the topics behind the application refuse by rules that the input topic does not have. Most
 * rules are known from the topics' configuration. The others are learned: a refused output ends its
 * stream thread and its transaction, the record is read again, and becomes a dead letter. Safe for
 * use by several threads.
 */
public final class OutputRules {
  /** A letter is shortened once; when that is refused as well, the topic is at fault. */
  public static final int MOST_REFUSED_LETTERS = 1;

  /** Remembered until their dead letters are committed, which takes one batch of each thread. */
  private static final int MOST_REFUSED_RECORDS = 100_000;

  private final Topics topics;
  private final List<String> outputs;
  private final InputLimit largest;
  private final Map<Origin, Map<String, Refusal>> refused =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Origin, Map<String, Refusal>> eldest) {
          return size() > MOST_REFUSED_RECORDS;
        }
      };

  private volatile Map<String, TopicLimits> limits = Map.of();

  /** Whether there are refused records, so that the others need no lock. */
  private volatile boolean learned;

  private volatile boolean applied;
  private boolean unused;

  private record Refusal(String reason, int times) {}

  /**
   * @param outputs the topics of a record's own outputs, which have its key and timestamp
   * @param largest the largest record that can be stored and sent again
   */
  public OutputRules(Topics topics, List<String> outputs, InputLimit largest) {
    this.topics = topics;
    this.outputs = List.copyOf(outputs);
    this.largest = largest;
  }

  /** Replaces the limits of all topics. */
  public void limit(Map<String, TopicLimits> limits) {
    this.limits = Map.copyOf(limits);
  }

  /** The limits of a topic. */
  public TopicLimits of(String topic) {
    return limits.getOrDefault(topic, TopicLimits.NONE);
  }

  /** Whether a topic holds records' own outputs. */
  public boolean isOutput(String topic) {
    return outputs.contains(topic);
  }

  /** Why a record can neither be stored nor sent again; empty when it can. */
  Optional<Rejected> tooLarge(InputRecord record) {
    return largest.refusal(record);
  }

  /**
   * Why no output of a record can be published; empty when nothing is known against it.
   *
   * @param now milliseconds since the epoch
   */
  Optional<Rejected> refusal(InputRecord record, long now) {
    for (String topic : outputs) {
      Optional<String> reason = of(topic).refusal(record.key() != null, record.timestamp(), now);
      if (reason.isPresent()) {
        applied = true;
        return rejected(topic, reason.get());
      }
    }
    return learned ? learnedRefusal(record.origin()) : Optional.empty();
  }

  private static Optional<Rejected> rejected(String topic, String reason) {
    return Optional.of(
        new Rejected(
            Rejected.Reason.REFUSED_BY_TOPIC,
            "topic '%s' refuses the output: %s".formatted(topic, reason)));
  }

  private synchronized Optional<Rejected> learnedRefusal(Origin record) {
    return refused.getOrDefault(record, Map.of()).entrySet().stream()
        .filter(refusal -> !refusal.getKey().equals(topics.samples()))
        .filter(refusal -> !refusal.getKey().equals(topics.deadLetter()))
        .findFirst()
        .flatMap(refusal -> rejected(refusal.getKey(), refusal.getValue().reason()));
  }

  /** Whether the samples topic refused this record, which is explained nevertheless. */
  boolean refusesSample(Origin record) {
    return times(record, topics.samples()) > 0;
  }

  /** How often the dead-letter topic refused the letter of a record. */
  public int refusedLetters(Origin record) {
    return times(record, topics.deadLetter());
  }

  private int times(Origin record, String topic) {
    if (!learned) {
      return 0;
    }
    synchronized (this) {
      Refusal refusal = refused.getOrDefault(record, Map.of()).get(topic);
      return refusal == null ? 0 : refusal.times();
    }
  }

  /**
   * Remembers that a broker refused an output.
   *
   * @param record the input record that it was made of
   * @param reason the broker's words
   */
  public synchronized void refused(String topic, Origin record, String reason) {
    int times = times(record, topic) + 1;
    refused
        .computeIfAbsent(record, some -> new LinkedHashMap<>())
        .put(topic, new Refusal(reason, times));
    learned = true;
    // A shortened letter that is refused cannot be shortened further.
    unused |= !topic.equals(topics.deadLetter()) || times <= MOST_REFUSED_LETTERS;
  }

  /** Whether a refusal was learned since the last call that the next try avoids. */
  public synchronized boolean takeLearned() {
    boolean some = unused;
    unused = false;
    return some;
  }

  /** Whether a known limit refused a record since the last call. */
  public boolean takeApplied() {
    boolean some = applied;
    applied = false;
    return some;
  }
}
