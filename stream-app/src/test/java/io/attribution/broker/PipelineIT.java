package io.attribution.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.app.Application;
import io.attribution.serde.Schemas;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class PipelineIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void explainsEveryRecord() throws Exception {
    try (Cluster cluster = Cluster.withPartitions(2);
        Application application = Application.open(cluster.config("../examples/digits/bundle"))) {
      int count = 5000;
      try (KafkaProducer<byte[], byte[]> producer = cluster.producer();
          KafkaAvroSerializer avro = cluster.avroSerializer()) {
        List<Float> features = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
          features.add((float) (i % 16));
        }
        for (int i = 0; i < count; i++) {
          features.set(i % 64, (float) (i % 17));
          producer.send(
              new ProducerRecord<>(
                  cluster.topics.features(),
                  null,
                  1_700_000_000_000L + i,
                  ("key-" + i).getBytes(StandardCharsets.UTF_8),
                  avro.serialize(
                      cluster.topics.features(),
                      new GenericRecordBuilder(Schemas.FEATURE_RECORD)
                          .set("features", features)
                          .set("recordId", "id-" + i)
                          .build())));
        }
      }
      application.start();

      KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer();
      deserializer.configure(Map.of("schema.registry.url", cluster.registry.url()), false);
      long start = System.nanoTime();
      List<ConsumerRecord<byte[], Object>> projected =
          TopicReader.read(cluster, cluster.topics.projected(), deserializer, count, PATIENCE);
      System.out.println("took " + (System.nanoTime() - start) / 1e9);

      assertThat(projected).hasSize(count);
      System.out.println(projected.get(0).value());
    }
  }
}
