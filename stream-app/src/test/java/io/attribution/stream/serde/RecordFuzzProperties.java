package io.attribution.stream.serde;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.engine.fuzz.Mutation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.apache.avro.Schema;

/** Any bytes are a row or malformed, and any schema that Avro takes is readable or not. */
class RecordFuzzProperties {
  private static final int ID = 7;

  /** Two features in a block of 2 and one of 1, a model and no record id. */
  private static final byte[] RECORD = {
    0, 0, 0, 0, ID, 4, 0, 0, -128, 63, 0, 0, 0, 64, 1, 8, 0, 0, 64, 64, 0, 2, 6, 'a', 'b', 'c', 0
  };

  private static final byte[] SHORT = {0, 0, 0, 0, ID, 2, 0, 0, -128, 63, 0, 0, 0};
  private static final Mutation BYTES = new Mutation(List.of(RECORD, SHORT));
  private static final Mutation SCHEMA =
      Mutation.ofText(
          Schemas.FEATURE_RECORD.toString(),
          """
          {"type": "record", "name": "FeatureRecord", "namespace": "io.attribution.schema",
           "fields": [
            {"name": "features", "type": {"type": "array", "items": "int"}},
            {"name": "more", "type": ["null", {"type": "map", "values": "bytes"}], "default": null}
          ]}
          """);

  @Property(shrinking = ShrinkingMode.OFF, seed = "22")
  void anyBytes(@ForAll Random random) {
    read(WriterSchema.of(ID, Schemas.FEATURE_RECORD), BYTES.next(random));
  }

  @Property(shrinking = ShrinkingMode.OFF, seed = "22")
  void anySchemaAndAnyBytes(@ForAll Random random) {
    Schema schema;
    try {
      schema = new Schema.Parser().parse(new String(SCHEMA.next(random), StandardCharsets.UTF_8));
    } catch (RuntimeException e) {
      // Whatever Avro's parser throws, the registry's client calls the schema invalid.
      return;
    }
    read(WriterSchema.of(ID, schema), BYTES.next(random));
  }

  private static void read(WriterSchema schema, byte[] value) {
    if (!ConfluentFrame.isFramed(value) || schema instanceof WriterSchema.Unreadable) {
      return;
    }
    try {
      FeatureRow row = ((WriterSchema.Decodable) schema).read(value);
      assertThat(row.length()).isLessThanOrEqualTo(ByteBuffer.wrap(value).remaining());
    } catch (MalformedAvroException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
