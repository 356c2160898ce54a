package io.attribution.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The strings in partition 0 of a topic. */
record TopicText(String bootstrapServers, String topic) {
  /**
   * How many partitions a producer sees.
   *
   * @throws org.apache.kafka.common.errors.TimeoutException where it sees no such topic in 2 s
   */
  int partitions() {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "max.block.ms", 2_000),
            new StringSerializer(),
            new StringSerializer())) {
      return producer.partitionsFor(topic).size();
    }
  }

  /** Sends in one transaction, and commits it or not. */
  void transact(boolean commit, String... values) {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "transactional.id", "writer"),
            new StringSerializer(),
            new StringSerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      for (String value : values) {
        producer.send(new ProducerRecord<>(topic, 0, null, value));
      }
      producer.flush();
      if (commit) {
        producer.commitTransaction();
      } else {
        producer.abortTransaction();
      }
    }
  }

  /** What a read_committed consumer sees up to the end of the topic. */
  List<String> committed() {
    List<String> values = new ArrayList<>();
    try (var committed =
        new CommittedRecords<>(bootstrapServers, List.of(topic), new StringDeserializer())) {
      committed.readToEnd(record -> values.add(record.value()));
    }
    return values;
  }
}
