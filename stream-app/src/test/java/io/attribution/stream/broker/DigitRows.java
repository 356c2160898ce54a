package io.attribution.stream.broker;

import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Rows of the data set on the input topic. */
final class DigitRows implements AutoCloseable {
  /** In the middle of the picture, where ink is in most digits; 0 to 16. */
  static final String MOVED = "pixel_3_4";

  private static final int MOVED_INDEX = 3 * 8 + 4;
  private static final int DIFFERENT = 1000;

  private final String topic;
  private final KafkaProducer<byte[], byte[]> producer;
  private final FeatureValues values;
  private final List<float[]> rows = Example.DIGITS.rows(DIFFERENT);
  private int sent;

  DigitRows(Cluster cluster) {
    this.topic = cluster.topics.features();
    this.producer = cluster.endpoints.producer();
    this.values = new FeatureValues(cluster.endpoints, topic);
  }

  /**
   * @param timestamp of all of them
   * @param shift what {@link #MOVED} has more than in the data
   */
  void send(int count, long timestamp, float shift) throws Exception {
    for (int i = 0; i < count; i++) {
      // 7 has no factor in common with 1000: all rows come, neighbours are no neighbours.
      float[] row = rows.get(7 * sent++ % DIFFERENT).clone();
      row[MOVED_INDEX] += shift;
      producer.send(new ProducerRecord<>(topic, null, timestamp, null, values.row(row)));
    }
    producer.flush();
  }

  @Override
  public void close() {
    producer.close();
    values.close();
  }
}
