package io.attribution.stream.browser;

import io.attribution.engine.bundle.BundleLoader;
import io.attribution.local.EmbeddedKafka;
import io.attribution.local.LocalRegistry;
import io.attribution.stream.app.Application;
import io.attribution.stream.config.AppConfig;
import io.attribution.stream.config.ConfigLoader;
import io.attribution.stream.csv.FeatureCsv;
import io.attribution.stream.produce.FeatureProducer;
import io.attribution.stream.produce.KafkaTarget;
import io.attribution.stream.topics.Topics;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The application with a bundle of the digits, and a broker of its own that digits were sent to.
 */
final class DigitsApplication implements AutoCloseable {
  /** Enough for a reference and for windows to compare with it. */
  static final int ROWS = 900;

  private static final Path DIGITS = Path.of("..", "examples", "digits");
  private static final Topics TOPICS = Topics.DEFAULT;

  /** The demonstration's; and every row is sampled. */
  private static final Map<String, String> DRIFT =
      Map.of(
          "samples.per.second", "10000",
          "drift.reference.rows", "400",
          "drift.window.rows", "200");

  private final EmbeddedKafka kafka = EmbeddedKafka.start();
  private final LocalRegistry registry = LocalRegistry.start();
  private final FeatureProducer producer;
  private final Application application;
  final List<float[]> rows = rows(DIGITS.resolve("bundle"));

  /**
   * @param bundle relative to examples/digits
   */
  DigitsApplication(String bundle) {
    Stream.of(
            TOPICS.features(),
            TOPICS.projected(),
            TOPICS.reduced(),
            TOPICS.verification(),
            TOPICS.deadLetter(),
            TOPICS.samples(),
            TOPICS.windows(),
            TOPICS.alerts())
        .forEach(topic -> kafka.createTopic(topic, 1));
    this.producer =
        FeatureProducer.open(
            new KafkaTarget(kafka.bootstrapServers(), registry.url(), TOPICS.features(), Map.of()));
    this.application = Application.open(config(DIGITS.resolve(bundle)));
    application.start();
    for (int i = 0; i < ROWS; i++) {
      send(i, "row-" + i);
    }
    producer.send("bad", new byte[] {1, 2, 3});
    producer.flush();
  }

  private AppConfig config(Path bundle) {
    Map<String, String> settings = new java.util.HashMap<>(DRIFT);
    settings.put("bundles", bundle.toString());
    settings.put("bootstrap.servers", kafka.bootstrapServers());
    settings.put("schema.registry.url", registry.url());
    settings.put("http.port", "0");
    settings.put("application.id", "browser-" + kafka.bootstrapServers().replace(':', '-'));
    return ConfigLoader.of(settings, "test");
  }

  private static List<float[]> rows(Path bundle) {
    List<float[]> rows = new ArrayList<>();
    try (FeatureCsv csv =
        FeatureCsv.open(DIGITS.resolve("data.csv"), BundleLoader.load(bundle).features())) {
      for (float[] row = csv.newRow(); csv.next(row); row = csv.newRow()) {
        rows.add(row);
      }
    }
    // One hand wrote many in a row, and a window of those is unlike the training data.
    Collections.shuffle(rows, new Random(1));
    return rows;
  }

  /** Sends one row of the data set, in the order of {@link #rows}. */
  void send(int row, String recordId) {
    producer.send("key-" + row, rows.get(row), Optional.empty(), recordId);
  }

  void flush() {
    producer.flush();
  }

  URI address() {
    return application.address().orElseThrow();
  }

  List<String> features() {
    return BundleLoader.load(DIGITS.resolve("bundle")).features();
  }

  /** What attributions.projected says of the first rows, by offset of the input. */
  List<GenericRecord> projected(int count) {
    try (KafkaAvroDeserializer avro = new KafkaAvroDeserializer();
        KafkaConsumer<byte[], Object> consumer = consumer(avro)) {
      consumer.assign(List.of(new TopicPartition(TOPICS.projected(), 0)));
      GenericRecord[] found = new GenericRecord[count];
      while (Arrays.asList(found).contains(null)) {
        for (ConsumerRecord<byte[], Object> output : consumer.poll(Duration.ofMillis(100))) {
          GenericRecord value = (GenericRecord) output.value();
          long offset = (Long) ((GenericRecord) value.get("source")).get("offset");
          if (offset < count) {
            found[(int) offset] = value;
          }
        }
      }
      return List.of(found);
    }
  }

  private KafkaConsumer<byte[], Object> consumer(KafkaAvroDeserializer avro) {
    avro.configure(Map.of("schema.registry.url", registry.url()), false);
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers", kafka.bootstrapServers(),
            "isolation.level", "read_committed",
            "auto.offset.reset", "earliest"),
        new ByteArrayDeserializer(),
        avro);
  }

  @Override
  public void close() {
    application.close();
    producer.close();
    registry.close();
    kafka.close();
  }
}
