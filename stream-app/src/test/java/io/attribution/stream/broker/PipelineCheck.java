package io.attribution.stream.broker;

import static io.attribution.stream.broker.Fields.floats;
import static io.attribution.stream.broker.Fields.number;
import static io.attribution.stream.broker.Fields.value;
import static io.attribution.stream.broker.Fields.whole;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attribution.engine.attribution.Attributions;
import io.attribution.engine.attribution.RowAgreement;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.stream.broker.Sent.Fate;
import io.attribution.stream.topology.DeadLetters;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What was published, held against what was sent: everything that the topics' contract promises.
 * Reusable: the same check for every broker and registry.
 */
final class PipelineCheck {
  private static final double TOLERANCE = 1e-4;

  /** Reason, message, topic, partition, offset. */
  private static final int DEAD_LETTER_HEADERS = 5;

  private final String inputTopic;
  private final MixedFeed feed;
  private final Published published;
  private final Map<Example, ModelBundle> bundles = new EnumMap<>(Example.class);
  private final Map<Example, Attributions> expected = new EnumMap<>(Example.class);

  PipelineCheck(String inputTopic, MixedFeed feed, Published published) {
    this.inputTopic = inputTopic;
    this.feed = feed;
    this.published = published;
    for (Example example : Example.values()) {
      bundles.put(example, example.load());
      expected.put(example, example.explainByAutograd(feed.rows(example)));
    }
  }

  void assertAll() {
    assertEveryRecordHasOneOutcome();
    assertProjected();
    assertReduced();
    assertVerification();
    assertDeadLetters();
  }

  /** In = projected + dead letters, and each record is where it belongs. */
  private void assertEveryRecordHasOneOutcome() {
    assertThat(published.projected().size() + published.deadLetters().size())
        .isEqualTo(feed.sent().size());
    List<String> explained = feed.explained().stream().map(Sent::position).toList();
    assertThat(published.projected().stream().map(Fields::position))
        .containsExactlyInAnyOrderElementsOf(explained);
    assertThat(published.reduced().stream().map(Fields::position))
        .containsExactlyInAnyOrderElementsOf(explained);
    assertThat(published.deadLetters().stream().map(PipelineCheck::refusedPosition))
        .containsExactlyInAnyOrderElementsOf(feed.refused().stream().map(Sent::position).toList());
  }

  private void assertProjected() {
    Map<String, ConsumerRecord<byte[], Object>> outputs = byPosition(published.projected());
    Map<Example, List<float[]>> embeddings = new EnumMap<>(Example.class);
    Map<Example, List<float[]>> contributions = new EnumMap<>(Example.class);
    for (Example example : Example.values()) {
      embeddings.put(example, emptyRows(example));
      contributions.put(example, emptyRows(example));
    }
    for (Sent sent : feed.explained()) {
      Fate.Explained fate = (Fate.Explained) sent.fate();
      ConsumerRecord<byte[], Object> output = outputs.get(sent.position());
      assertSameEnvelope(sent, output);
      assertIdentity(sent, value(output));
      assertAddsUp(bundles.get(fate.example()), value(output));
      embeddings.get(fate.example()).set(fate.row(), floats(value(output), "embedding"));
      contributions.get(fate.example()).set(fate.row(), floats(value(output), "contributions"));
    }
    expected.forEach(
        (example, reference) -> {
          RowAgreement.assertRows(doubles(reference.embedding()), embeddings.get(example));
          RowAgreement.assertRows(
              doubles(reference.contributions().orElseThrow()), contributions.get(example));
        });
  }

  private List<float[]> emptyRows(Example example) {
    return new ArrayList<>(feed.rows(example));
  }

  /** The key, the timestamp and the headers of the input, untouched. */
  private static void assertSameEnvelope(Sent sent, ConsumerRecord<byte[], ?> output) {
    ProducerRecord<byte[], byte[]> input = sent.record();
    assertThat(output.key()).isEqualTo(input.key());
    assertThat(output.timestamp()).isEqualTo(input.timestamp());
    List<String> original = Fields.texts(input.headers());
    List<String> kept = Fields.texts(output.headers());
    int added = sent.isExplained() ? 0 : DEAD_LETTER_HEADERS;
    assertThat(kept).hasSize(original.size() + added);
    assertThat(kept.subList(0, original.size())).isEqualTo(original);
  }

  private void assertIdentity(Sent sent, GenericRecord record) {
    Fate.Explained fate = (Fate.Explained) sent.fate();
    ModelBundle bundle = bundles.get(fate.example());
    assertThat(record.get("model").toString()).isEqualTo(bundle.name());
    assertThat(record.get("version").toString()).isEqualTo(bundle.version());
    assertThat(record.get("bundle").toString()).isEqualTo(bundle.fingerprint());
    assertThat(((GenericRecord) record.get("source")).get("topic").toString())
        .isEqualTo(inputTopic);
    assertThat(Optional.ofNullable(record.get("recordId")).map(Object::toString))
        .isEqualTo(fate.recordId());
    GenericRecord certificate = (GenericRecord) record.get("certificate");
    assertThat(number(certificate, "tolerance")).isEqualTo(bundle.tolerance());
    assertThat(number(certificate, "relativeError")).isBetween(0.0, bundle.tolerance());
    assertThat(certificate.get("exact")).isEqualTo(true);
  }

  /** Σ_k C[i,k] = z[i]. */
  private static void assertAddsUp(ModelBundle bundle, GenericRecord record) {
    int outputs = bundle.outputCount();
    int features = bundle.featureCount();
    float[] embedding = floats(record, "embedding");
    float[] contributions = floats(record, "contributions");
    assertThat(whole(record, "outputs")).isEqualTo(outputs);
    assertThat(whole(record, "features")).isEqualTo(features);
    assertThat(contributions).hasSize(outputs * features);
    double magnitude = 0;
    for (float z : embedding) {
      magnitude = Math.max(magnitude, Math.abs(z));
    }
    for (int i = 0; i < outputs; i++) {
      double sum = 0;
      for (int k = 0; k < features; k++) {
        sum += contributions[i * features + k];
      }
      assertThat(sum).isCloseTo(embedding[i], within(TOLERANCE * magnitude));
    }
  }

  /** By l2, of what was published as the contributions. */
  private void assertReduced() {
    Map<String, ConsumerRecord<byte[], Object>> outputs = byPosition(published.reduced());
    Map<String, ConsumerRecord<byte[], Object>> projected = byPosition(published.projected());
    for (Sent sent : feed.explained()) {
      ConsumerRecord<byte[], Object> output = outputs.get(sent.position());
      GenericRecord matrix = value(projected.get(sent.position()));
      assertSameEnvelope(sent, output);
      assertIdentity(sent, value(output));
      assertThat(value(output).get("reduction").toString()).isEqualTo("l2");
      assertThat(value(output).get("target")).isNull();
      assertThat(value(output).get("indices")).isNull();
      assertThat(value(output).get("features")).isEqualTo(matrix.get("features"));
      assertThat(floats(value(output), "embedding")).isEqualTo(floats(matrix, "embedding"));
      assertThat(floats(value(output), "values"))
          .usingComparatorWithPrecision(1e-6f * norm(floats(matrix, "contributions")))
          .containsExactly(l2(matrix));
    }
  }

  private static float norm(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return (float) Math.sqrt(sum);
  }

  private static float[] l2(GenericRecord matrix) {
    float[] contributions = floats(matrix, "contributions");
    int outputs = (int) whole(matrix, "outputs");
    int features = (int) whole(matrix, "features");
    float[] reduced = new float[features];
    for (int k = 0; k < features; k++) {
      float[] column = new float[outputs];
      for (int i = 0; i < outputs; i++) {
        column[i] = contributions[i * features + k];
      }
      reduced[k] = norm(column);
    }
    return reduced;
  }

  /** The metrics of any batches add up to those of all records. */
  private void assertVerification() {
    for (Example example : Example.values()) {
      ModelBundle bundle = bundles.get(example);
      List<GenericRecord> metrics = metrics(example);
      List<Sent> explained = explained(example);
      assertThat(metrics).isNotEmpty();
      assertThat(metrics.stream().mapToLong(m -> whole(m, "count")).sum())
          .isEqualTo(explained.size());
      assertThat(metrics.stream().mapToLong(m -> whole(m, "elements")).sum())
          .isEqualTo((long) explained.size() * bundle.outputCount());
      assertThat(metrics.stream().mapToLong(m -> whole(m, "firstTimestamp")).min())
          .hasValue(explained.stream().mapToLong(s -> s.record().timestamp()).min().orElseThrow());
      assertThat(metrics.stream().mapToLong(m -> whole(m, "lastTimestamp")).max())
          .hasValue(explained.stream().mapToLong(s -> s.record().timestamp()).max().orElseThrow());
      metrics.forEach(metric -> assertMetric(bundle, metric));
      assertRanges(example, metrics);
    }
  }

  private List<GenericRecord> metrics(Example example) {
    return published.verification().stream()
        .filter(output -> new String(output.key(), UTF_8).equals(example.model()))
        .map(Fields::value)
        .toList();
  }

  private List<Sent> explained(Example example) {
    return feed.explained().stream()
        .filter(sent -> ((Fate.Explained) sent.fate()).example() == example)
        .toList();
  }

  private static void assertMetric(ModelBundle bundle, GenericRecord metric) {
    GenericRecord source = (GenericRecord) metric.get("source");
    assertThat(metric.get("model").toString()).isEqualTo(bundle.name());
    assertThat(metric.get("version").toString()).isEqualTo(bundle.version());
    assertThat(metric.get("bundle").toString()).isEqualTo(bundle.fingerprint());
    assertThat(metric.get("engine").toString()).isEqualTo("layers");
    assertThat(metric.get("exact")).isEqualTo(true);
    assertThat(number(metric, "tolerance")).isEqualTo(bundle.tolerance());
    assertThat(number(metric, "meanError"))
        .isEqualTo(number(metric, "sumError") / number(metric, "elements"));
    assertThat(number(metric, "relativeError"))
        .isLessThanOrEqualTo(number(metric, "worstRelativeError"));
    assertThat(whole(metric, "worstOffset"))
        .isBetween(whole(source, "offset"), whole(metric, "lastOffset"));
    assertThat(whole(metric, "lastOffset") - whole(source, "offset"))
        .isGreaterThanOrEqualTo(whole(metric, "count") - 1);
  }

  /** Ranges and the largest error, recomputed from the published embeddings and contributions. */
  private void assertRanges(Example example, List<GenericRecord> metrics) {
    List<Float> z = new ArrayList<>();
    Map<String, ConsumerRecord<byte[], Object>> projected = byPosition(published.projected());
    for (Sent sent : explained(example)) {
      for (float value : floats(value(projected.get(sent.position())), "embedding")) {
        z.add(value);
      }
    }
    double low = z.stream().mapToDouble(Float::doubleValue).min().orElseThrow();
    double high = z.stream().mapToDouble(Float::doubleValue).max().orElseThrow();
    assertThat(metrics.stream().mapToDouble(m -> number(m, "zMin")).min()).hasValue(low);
    assertThat(metrics.stream().mapToDouble(m -> number(m, "zMax")).max()).hasValue(high);
    double maxError = metrics.stream().mapToDouble(m -> number(m, "maxError")).max().orElseThrow();
    assertThat(maxError).isBetween(0.0, TOLERANCE * Math.max(Math.abs(low), Math.abs(high)));
    // The difference of two doubles is not the float32 that was published of it.
    double rounded = maxError * (1 + 1e-6);
    assertThat(
            metrics.stream().mapToDouble(m -> number(m, "reconstructionMin")).min().orElseThrow())
        .isCloseTo(low, within(rounded));
    assertThat(
            metrics.stream().mapToDouble(m -> number(m, "reconstructionMax")).max().orElseThrow())
        .isCloseTo(high, within(rounded));
  }

  /** The input as it was, with the reason and the place. */
  private void assertDeadLetters() {
    Map<String, ConsumerRecord<byte[], byte[]>> letters = new HashMap<>();
    published.deadLetters().forEach(letter -> letters.put(refusedPosition(letter), letter));
    for (Sent sent : feed.refused()) {
      ConsumerRecord<byte[], byte[]> letter = letters.get(sent.position());
      assertSameEnvelope(sent, letter);
      assertThat(letter.value()).isEqualTo(sent.record().value());
      assertThat(header(letter, DeadLetters.REASON))
          .isEqualTo(((Fate.Refused) sent.fate()).reason().label());
      assertThat(header(letter, DeadLetters.MESSAGE)).isNotBlank();
      assertThat(header(letter, DeadLetters.TOPIC)).isEqualTo(inputTopic);
    }
  }

  private static String refusedPosition(ConsumerRecord<byte[], byte[]> letter) {
    return header(letter, DeadLetters.PARTITION) + "@" + header(letter, DeadLetters.OFFSET);
  }

  private static String header(ConsumerRecord<?, ?> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  private static Map<String, ConsumerRecord<byte[], Object>> byPosition(
      List<ConsumerRecord<byte[], Object>> outputs) {
    Map<String, ConsumerRecord<byte[], Object>> byPosition = new HashMap<>();
    outputs.forEach(output -> byPosition.put(Fields.position(output), output));
    return byPosition;
  }

  private static double[][] doubles(FloatMatrix matrix) {
    double[][] rows = new double[matrix.rows()][matrix.columns()];
    for (int i = 0; i < matrix.rows(); i++) {
      for (int k = 0; k < matrix.columns(); k++) {
        rows[i][k] = matrix.get(i, k);
      }
    }
    return rows;
  }
}
