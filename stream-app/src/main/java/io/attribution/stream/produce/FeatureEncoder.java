package io.attribution.stream.produce;

import io.attribution.stream.registry.RegistrySettings;
import io.attribution.stream.serde.Schemas;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.util.AbstractList;
import java.util.Optional;
import java.util.RandomAccess;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** Feature records as any Avro producer writes them: through Confluent's own serializer. */
final class FeatureEncoder implements AutoCloseable {
  private final String topic;
  private final KafkaAvroSerializer serializer;

  FeatureEncoder(String topic, RegistrySettings settings) {
    this.topic = topic;
    this.serializer = new KafkaAvroSerializer(settings.open());
    serializer.configure(settings.ofSerializer(), false);
  }

  /**
   * @param features copied
   * @param model the bundle's name; absent for the application's default
   * @throws org.apache.kafka.common.errors.SerializationException when the registry cannot be
   *     reached or refuses
   */
  byte[] encode(float[] features, Optional<String> model, String recordId) {
    GenericRecord value = new GenericData.Record(Schemas.FEATURE_RECORD);
    value.put("features", new Floats(features));
    value.put("model", model.orElse(null));
    value.put("recordId", recordId);
    return serializer.serialize(topic, value);
  }

  @Override
  public void close() {
    serializer.close();
  }

  /** A view: a list of boxed floats would cost a thousand objects per record. */
  private static final class Floats extends AbstractList<Float> implements RandomAccess {
    private final float[] values;

    Floats(float[] values) {
      this.values = values;
    }

    @Override
    public Float get(int index) {
      return values[index];
    }

    @Override
    public int size() {
      return values.length;
    }
  }
}
