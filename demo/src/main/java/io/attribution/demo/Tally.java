package io.attribution.demo;

import io.attribution.demo.TopicReader.DeadLetter;
import io.attribution.drift.Origin;
import io.attribution.engine.verification.VerificationSummary;
import io.attribution.schema.DriftAlert;
import io.attribution.schema.ProjectedContribution;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/**
 * What the topics hold. Every input record must come out exactly once: explained, or as a dead
 * letter.
 */
class Tally {
  private static final int NAMED = 5;

  private final Positions inputs = new Positions();
  private final Positions explained = new Positions();
  private final Positions bad = new Positions();
  private final List<Origin> doubled = new ArrayList<>();
  private final List<DriftAlert> alerts = new ArrayList<>();
  private VerificationSummary verification = VerificationSummary.EMPTY;
  private double worstRelativeError;
  private long projected;
  private long deadLetters;
  private long reduced;
  private long metrics;

  /** Adds a record of the input topic. */
  void input(Origin position) {
    inputs.add(position);
  }

  /**
   * Adds a record of the projected topic.
   *
   * @param timestamp the input's, in milliseconds since the epoch
   */
  void explained(ProjectedContribution explanation, long timestamp) {
    projected(TopicReader.origin(explanation.getSource()));
  }

  final void projected(Origin source) {
    projected++;
    noteDoubled(source);
    explained.add(source);
  }

  /** Adds a record of the dead-letter topic. */
  void deadLetter(DeadLetter letter) {
    deadLetters++;
    noteDoubled(letter.source());
    bad.add(letter.source());
  }

  private void noteDoubled(Origin source) {
    if (isOutcome(source)) {
      doubled.add(source);
    }
  }

  private boolean isOutcome(Origin source) {
    return explained.contains(source, 0) || bad.contains(source, 0);
  }

  /** Adds a record of the reduced topic. */
  final void reduced() {
    reduced++;
  }

  /**
   * Adds a record of the verification topic.
   *
   * @param worst the largest relative error of a single record
   */
  final void verified(VerificationSummary summary, double worst) {
    metrics++;
    verification = verification.merge(summary);
    worstRelativeError = Math.max(worstRelativeError, worst);
  }

  /** Adds a record of the alerts topic. */
  final void alert(DriftAlert alert) {
    alerts.add(alert);
  }

  /** Records on the projected topic. */
  final long projected() {
    return projected;
  }

  /** Records on the dead-letter topic. */
  final long deadLetters() {
    return deadLetters;
  }

  /** Records on the reduced topic. */
  final long reducedCount() {
    return reduced;
  }

  /** Records on the verification topic. */
  final long metrics() {
    return metrics;
  }

  /** All records of the verification topic, merged. */
  final VerificationSummary verification() {
    return verification;
  }

  /** The largest relative error of a single record. */
  final double worstRelativeError() {
    return worstRelativeError;
  }

  /** All alerts, in the order of their topic. */
  final List<DriftAlert> alerts() {
    return alerts;
  }

  /** Records on the input topic. */
  final long inputs() {
    return inputs.size();
  }

  /** How many input records came out, each counted once. */
  final long outcomes() {
    return projected + deadLetters - doubled.size();
  }

  /** How many records directly before or after a bad one in its partition are explained. */
  final long explainedNeighbours() {
    return bad.stream()
        .mapToLong(
            source ->
                (explained.contains(source, -1) ? 1 : 0) + (explained.contains(source, 1) ? 1 : 0))
        .sum();
  }

  final String equation() {
    return "%s in %s %s projected + %s"
        .formatted(
            Figures.count(inputs()),
            inputs() == projected + deadLetters ? "=" : "≠",
            Figures.count(projected),
            Figures.counted(deadLetters, "dead letter"));
  }

  /**
   * What is wrong, a line each; nothing where every record came out exactly once.
   *
   * @param sent how many records were sent
   */
  final List<String> problems(long sent) {
    List<String> problems = new ArrayList<>();
    if (sent != inputs()) {
      problems.add(
          "%s sent, but the input topic has %s"
              .formatted(Figures.counted(sent, "record"), Figures.count(inputs())));
    }
    name(problems, inputs.stream().filter(input -> !isOutcome(input)), "lost");
    name(problems, doubled.stream(), "came out more than once");
    name(
        problems,
        Stream.concat(explained.stream(), bad.stream())
            .distinct()
            .filter(source -> !inputs.contains(source, 0)),
        "came out, but never went in");
    return problems;
  }

  private static void name(List<String> problems, Stream<Origin> positions, String what) {
    List<Origin> all = positions.toList();
    if (!all.isEmpty()) {
      String named =
          all.stream().limit(NAMED).map(Origin::toString).collect(Collectors.joining(", "));
      problems.add(
          Figures.counted(all.size(), "record")
              + " "
              + what
              + ": "
              + named
              + (all.size() > NAMED ? ", …" : ""));
    }
  }

  /** Positions on Kafka: a bit each, so that hours of records fit in memory. */
  private static final class Positions {
    private final Map<TopicPartition, BitSet> partitions = new HashMap<>();

    void add(Origin position) {
      partitions
          .computeIfAbsent(partition(position), absent -> new BitSet())
          .set(Math.toIntExact(position.offset()));
    }

    /** Whether the position that is {@code distance} records after this one was added. */
    boolean contains(Origin position, int distance) {
      BitSet offsets = partitions.get(partition(position));
      long offset = position.offset() + distance;
      return offsets != null && offset >= 0 && offsets.get(Math.toIntExact(offset));
    }

    long size() {
      return partitions.values().stream().mapToLong(BitSet::cardinality).sum();
    }

    /** By partition and offset. */
    Stream<Origin> stream() {
      return partitions.entrySet().stream()
          .sorted(Comparator.comparing(entry -> entry.getKey().partition()))
          .flatMap(
              entry ->
                  entry.getValue().stream().mapToObj(offset -> origin(entry.getKey(), offset)));
    }

    private static TopicPartition partition(Origin position) {
      return new TopicPartition(position.topic(), position.partition());
    }

    private static Origin origin(TopicPartition partition, long offset) {
      return new Origin(partition.topic(), partition.partition(), offset);
    }
  }
}
