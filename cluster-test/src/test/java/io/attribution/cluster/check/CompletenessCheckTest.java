package io.attribution.cluster.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.cluster.check.SyntheticOutputs.Output;
import io.attribution.drift.Origin;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** One thing is wrong with otherwise faultless outputs: the check names it, and nothing else. */
class CompletenessCheckTest {
  private static final int RECORDS = 3_000;
  private static final int SPOILED = 1_234;

  private final SyntheticOutputs outputs = new SyntheticOutputs(RECORDS);

  @Test
  void isCompleteAndCleanWhereEveryRecordHasItsOutcome() {
    CompletenessCheck check = outputs.check(true);

    assertThat(check.isComplete()).isTrue();
    Findings findings = check.findings();
    assertThat(findings.isClean()).isTrue();
    assertThat(outputs.letters).hasSizeGreaterThan(10);
    assertThat(findings.topics())
        .extracting(Findings.Topic::expected)
        .containsExactly(
            (long) outputs.projected.size(),
            (long) outputs.projected.size(),
            (long) outputs.letters.size(),
            (long) outputs.projected.size());
  }

  @Test
  void findsALostOutput() {
    Output lost = outputs.reduced.remove(SPOILED);

    assertThat(outputs.check(true).isComplete()).isFalse();
    assertOnly(Violation.LOST, "attributions.reduced");
    assertThat(first(Violation.LOST)).startsWith(position(lost));
  }

  @Test
  void findsALostDeadLetter() {
    outputs.letters.remove(3);

    assertThat(outputs.check(true).isComplete()).isFalse();
    assertOnly(Violation.LOST, "attributions.dead-letter");
  }

  @Test
  void findsADoubledOutput() {
    outputs.projected.add(outputs.projected.get(SPOILED));

    assertOnly(Violation.DOUBLED, "attributions.projected");
  }

  @Test
  void findsADoubledOutputInAnotherPartition() {
    Output output = outputs.projected.get(SPOILED);
    outputs.projected.add(output.with(inPartition(7, output.record())));

    assertOnly(Violation.DOUBLED, "attributions.projected");
  }

  @Test
  void findsADoubledDeadLetter() {
    outputs.letters.add(outputs.letters.get(0));

    assertOnly(Violation.DOUBLED, "attributions.dead-letter");
  }

  @Test
  void toleratesDoubledOutputsUnderAtLeastOnceAndStillCountsThem() {
    outputs.projected.add(outputs.projected.get(SPOILED));
    outputs.verified[0] += 10;

    Findings findings = outputs.check(false).findings();

    assertThat(findings.isClean()).isTrue();
    assertThat(findings.count(Violation.DOUBLED)).isEqualTo(1);
  }

  @Test
  void findsALostOutputUnderAtLeastOnce() {
    outputs.projected.remove(SPOILED);

    assertThat(outputs.check(false).findings().isClean()).isFalse();
  }

  @Test
  void findsTwoOutputsInTheWrongOrder() {
    // Neighbours of one input partition: positions take turns.
    int behind = SPOILED;
    int partition = outputs.projected.get(behind).record().partition();
    int ahead = behind + 1;
    while (outputs.projected.get(ahead).record().partition() != partition) {
      ahead++;
    }
    Collections.swap(outputs.projected, behind, ahead);

    assertOnly(Violation.OUT_OF_ORDER, "attributions.projected");
  }

  @Test
  void findsAnotherKey() {
    spoil(r -> changed(r, new byte[] {1}, r.headers().toArray().length, r.timestamp()));

    assertOnly(Violation.ALTERED, "attributions.projected");
    assertThat(first(Violation.ALTERED)).endsWith("key");
  }

  @Test
  void findsAMissingHeader() {
    int index = withHeaders();
    Output output = outputs.projected.get(index);
    ConsumerRecord<byte[], byte[]> r = output.record();
    outputs.projected.set(index, output.with(changed(r, r.key(), 0, r.timestamp())));

    assertOnly(Violation.ALTERED, "attributions.projected");
    assertThat(first(Violation.ALTERED)).endsWith("headers");
  }

  @Test
  void findsAHeaderTooMany() {
    outputs.projected.get(SPOILED).record().headers().add("more", new byte[0]);

    assertOnly(Violation.ALTERED, "attributions.projected");
  }

  @Test
  void findsAnotherTimestamp() {
    spoil(r -> changed(r, r.key(), r.headers().toArray().length, r.timestamp() + 1));

    assertOnly(Violation.ALTERED, "attributions.projected");
    assertThat(first(Violation.ALTERED)).contains("timestamp");
  }

  @Test
  void findsAnotherRecordId() {
    Explanation right = outputs.projected.get(SPOILED).explanation();
    explain(new Explanation(right.source(), Optional.of("x"), right.embedding()));

    assertOnly(Violation.ALTERED, "attributions.projected");
  }

  @Test
  void findsTheExplanationOfAnotherRow() {
    Explanation right = outputs.projected.get(SPOILED).explanation();
    float other = right.embedding().get(0) + 1;
    explain(new Explanation(right.source(), right.recordId(), List.of(other, 1f)));

    assertOnly(Violation.ALTERED, "attributions.projected");
    assertThat(first(Violation.ALTERED)).endsWith("another row");
  }

  @Test
  void findsADeadLetterWithAnotherValue() {
    ConsumerRecord<byte[], byte[]> r = outputs.letters.get(1);
    outputs.letters.set(
        1,
        SyntheticOutputs.changed(
            r.topic(), r.partition(), r.key(), r.headers(), r.timestamp(), new byte[] {9}));

    assertOnly(Violation.ALTERED, "attributions.dead-letter");
  }

  @Test
  void findsADeadLetterWithAnotherReason() {
    ConsumerRecord<byte[], byte[]> r = outputs.letters.get(1);
    RecordHeaders headers = new RecordHeaders();
    for (var header : r.headers()) {
      boolean reason = header.key().equals("attribution.error.reason");
      headers.add(header.key(), reason ? new byte[] {'?'} : header.value());
    }
    outputs.letters.set(
        1,
        SyntheticOutputs.changed(
            r.topic(), r.partition(), r.key(), headers, r.timestamp(), r.value()));

    assertOnly(Violation.ALTERED, "attributions.dead-letter");
  }

  @Test
  void findsAGoodRecordAmongTheDeadLetters() {
    Output good = outputs.projected.remove(SPOILED);
    outputs.reduced.remove(SPOILED);
    Origin source = good.explanation().source();
    int index = outputs.ledger.index(source.partition(), source.offset());
    outputs.letters.add(outputs.letter(source, outputs.feed.record(index), "not_finite"));
    outputs.verified[source.partition()]--;

    Findings findings = outputs.check(true).findings();

    assertThat(findings.count(Violation.WRONG_FATE)).isEqualTo(1);
    assertThat(findings.count(Violation.LOST)).isZero();
    assertThat(findings.isClean()).isFalse();
  }

  @Test
  void findsAnOutputOfARecordThatWasNeverWritten() {
    Output output = outputs.projected.get(SPOILED);
    Origin nowhere = new Origin("features", 0, RECORDS);
    outputs.projected.add(output.with(new Explanation(nowhere, Optional.empty(), List.of(0f, 1f))));

    assertOnly(Violation.UNKNOWN, "attributions.projected");
  }

  @Test
  void findsADeadLetterThatDoesNotNameItsRecord() {
    ConsumerRecord<byte[], byte[]> r = outputs.letters.get(1);
    outputs.letters.add(
        SyntheticOutputs.changed(
            r.topic(), 0, r.key(), new RecordHeaders(), r.timestamp(), r.value()));

    assertOnly(Violation.UNKNOWN, "attributions.dead-letter");
  }

  @Test
  void findsRowsThatVerificationDoesNotCount() {
    outputs.verified[1] -= 2;

    assertOnly(Violation.MISCOUNTED, "attributions.verification", 2);
    assertThat(outputs.check(false).findings().isClean()).isFalse();
  }

  @Test
  void findsRowsThatVerificationCountsTwice() {
    outputs.verified[1] += 2;

    assertOnly(Violation.MISCOUNTED, "attributions.verification", 2);
  }

  private interface Spoiling {
    ConsumerRecord<byte[], byte[]> apply(ConsumerRecord<byte[], byte[]> record);
  }

  private void spoil(Spoiling spoiling) {
    Output output = outputs.projected.get(SPOILED);
    outputs.projected.set(SPOILED, output.with(spoiling.apply(output.record())));
  }

  private void explain(Explanation explanation) {
    outputs.projected.set(SPOILED, outputs.projected.get(SPOILED).with(explanation));
  }

  private int withHeaders() {
    int index = SPOILED;
    while (outputs.projected.get(index).record().headers().toArray().length == 0) {
      index++;
    }
    return index;
  }

  private static ConsumerRecord<byte[], byte[]> changed(
      ConsumerRecord<byte[], byte[]> r, byte[] key, int headers, long timestamp) {
    RecordHeaders kept = new RecordHeaders(Arrays.copyOf(r.headers().toArray(), headers));
    return SyntheticOutputs.changed(r.topic(), r.partition(), key, kept, timestamp, r.value());
  }

  private static ConsumerRecord<byte[], byte[]> inPartition(
      int partition, ConsumerRecord<byte[], byte[]> r) {
    return SyntheticOutputs.changed(
        r.topic(), partition, r.key(), r.headers(), r.timestamp(), r.value());
  }

  private static String position(Output output) {
    Origin source = output.explanation().source();
    return source.partition() + "@" + source.offset() + ":";
  }

  private void assertOnly(Violation violation, String topic) {
    assertOnly(violation, topic, 1);
  }

  /** Exactly this violation, on this topic. */
  private void assertOnly(Violation violation, String topic, long times) {
    Findings findings = outputs.check(true).findings();
    assertThat(findings.isClean()).isFalse();
    for (Findings.Topic found : findings.topics()) {
      if (found.name().equals(topic)) {
        assertThat(found.violations()).containsOnlyKeys(violation);
        assertThat(found.count(violation)).isEqualTo(times);
      } else {
        assertThat(found.violations()).as(found.name()).isEmpty();
      }
    }
  }

  private String first(Violation violation) {
    return outputs.check(true).findings().topics().stream()
        .filter(topic -> topic.count(violation) > 0)
        .findFirst()
        .orElseThrow()
        .violations()
        .get(violation)
        .first()
        .get(0);
  }
}
