package io.attribution.stream.serde;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.engine.attribution.Rejected;
import io.attribution.engine.attribution.Rejected.Reason;
import io.attribution.stream.registry.Registry;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.time.Duration;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.io.JsonDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Spark, ksqlDB and people's own producers make of a FeatureRecord. */
class WriterSchemaTest {
  private static final String OURS =
      "\"namespace\":\"io.attribution.schema\",\"name\":\"FeatureRecord\"";

  private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient();
  private final FeatureDecoder decoder =
      new FeatureDecoder(
          new WriterSchemas(new Registry(registry, Duration.ZERO), Clock.systemUTC()));

  /** Avro's JSON of the field features, and the two numbers that it means. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'type':'array','items':'float'} | [1.5,-2]",
        "['null',{'type':'array','items':'float'}] | {'array':[1.5,-2]}",
        "[{'type':'array','items':'float'},'null'] | {'array':[1.5,-2]}",
        "{'type':'array','items':['null','float']} | [{'float':1.5},{'float':-2}]",
        "{'type':'array','items':['float','null']} | [{'float':1.5},{'float':-2}]",
        "['null',{'type':'array','items':['null','float']}] | {'array':[{'float':1.5},{'float':-2}]}",
        "{'type':'array','items':'double'} | [1.5,-2]",
        "['null',{'type':'array','items':['null','double']}] | {'array':[{'double':1.5},{'double':-2}]}",
        "{'type':'array','items':['int','double']} | [{'double':1.5},{'int':-2}]",
        "{'type':'array','items':['null','int','float']} | [{'float':1.5},{'int':-2}]",
      })
  void readsWhatAvroResolves(String type, String value) throws Exception {
    for (String name : new String[] {OURS, "\"name\":\"topLevelRecord\""}) {
      FeatureRow row = read(record(name, "features", quoted(type)), features(value));

      assertThat(row.length()).isEqualTo(2);
      assertThat(row.feature(0)).isEqualTo(1.5f);
      assertThat(row.feature(1)).isEqualTo(-2f);
    }
  }

  @Test
  void readsMoreFieldsAndANullableRecord() throws Exception {
    String writer =
        """
        ["null",{"type":"record","name":"KsqlDataSourceSchema","namespace":"io.confluent.ksql","fields":[
          {"name":"at","type":["null",{"type":"long","logicalType":"timestamp-millis"}]},
          {"name":"recordId","type":["null","string"]},
          {"name":"features","type":["null",{"type":"array","items":["null","double"]}]},
          {"name":"model","type":"string"}]}]
        """;
    FeatureRow row =
        read(
            writer,
            """
            {"io.confluent.ksql.KsqlDataSourceSchema":{"at":{"long":5},"recordId":{"string":"r"},
             "features":{"array":[{"double":0.25}]},"model":"m"}}
            """);

    assertThat(row.feature(0)).isEqualTo(0.25f);
    assertThat(row.model()).contains("m");
    assertThat(row.recordId()).contains("r");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "['null',{'type':'array','items':'float'}] | null | features is null",
        "{'type':'array','items':['null','float']} | [{'float':1.5},null] | features[1] is null",
        "{'type':'array','items':['null','double']} | [null] | features[0] is null",
      })
  void saysWhatIsNull(String type, String value, String detail) throws Exception {
    Rejected rejected = rejected(record(OURS, "features", quoted(type)), features(value));

    assertThat(rejected.reason()).isEqualTo(Reason.UNDECODABLE);
    assertThat(rejected.detail())
        .isEqualTo("the value cannot be read as Avro of schema id 1: " + detail);
  }

  /** Too large for a float: infinite, which is refused as such later. */
  @Test
  void roundsDoublesToFloats() throws Exception {
    FeatureRow row =
        read(
            record(OURS, "features", "{\"type\":\"array\",\"items\":\"double\"}"),
            "{\"features\":[0.1,1e300]}");

    assertThat(row.feature(0)).isEqualTo(0.1f);
    assertThat(row.firstNotFinite()).hasValue(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "features | {'type':'array','items':'string'} | features: items are string, float wanted",
        "features | {'type':'bytes'} | features: it is bytes, array of float wanted",
        "features | {'type':'array','items':{'type':'bytes','logicalType':'decimal','precision':5}}"
            + " | features: items are bytes (decimal), float wanted",
        "features | {'type':'map','values':'float'} | features: it is map, array of float wanted",
        "FEATURES | {'type':'array','items':'float'} | it has no field 'features' (it has 'FEATURES')",
      })
  void saysWhichFieldCannotBeRead(String field, String type, String detail) throws Exception {
    Rejected rejected = rejectedSchema(record("\"name\":\"topLevelRecord\"", field, quoted(type)));

    assertThat(rejected.reason()).isEqualTo(Reason.INCOMPATIBLE_SCHEMA);
    assertThat(rejected.detail())
        .isEqualTo("schema id 1, topLevelRecord, cannot be read as a FeatureRecord: " + detail);
  }

  @Test
  void saysWhatElseCannotBeRead() throws Exception {
    assertThat(
            rejectedSchema(
                    "{\"type\":\"record\","
                        + OURS
                        + ",\"fields\":[{\"name\":\"features\",\"type\":{\"type\":\"array\",\"items\":\"float\"}},"
                        + "{\"name\":\"recordId\",\"type\":\"long\"}]}")
                .detail())
        .endsWith("cannot be read as a FeatureRecord: recordId: it is long, string wanted");
    assertThat(rejectedSchema("\"string\"").detail())
        .isEqualTo("schema id 2, string, cannot be read as a FeatureRecord: it is no record");
  }

  private static String record(String name, String field, String type) {
    return "{\"type\":\"record\",%s,\"fields\":[{\"name\":\"%s\",\"type\":%s}]}"
        .formatted(name, field, type);
  }

  private static String quoted(String text) {
    return text.replace('\'', '"');
  }

  private static String features(String value) {
    return "{\"features\":" + quoted(value) + "}";
  }

  private FeatureRow read(String schema, String json) throws Exception {
    Decoded decoded = decoder.decode(encode(schema, json));
    assertThat(decoded).isInstanceOf(Decoded.Row.class);
    return ((Decoded.Row) decoded).row();
  }

  private Rejected rejected(String schema, String json) throws Exception {
    return ((Decoded.Unreadable) decoder.decode(encode(schema, json))).rejected();
  }

  private Rejected rejectedSchema(String schema) throws Exception {
    return ((Decoded.Unreadable) decoder.decode(framed(schema).toByteArray())).rejected();
  }

  private byte[] encode(String schema, String json) throws Exception {
    Schema writer = new Schema.Parser().parse(schema);
    JsonDecoder text = DecoderFactory.get().jsonDecoder(writer, json);
    Object value = new GenericDatumReader<Object>(writer).read(null, text);
    ByteArrayOutputStream bytes = framed(schema);
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<Object>(writer, GenericData.get()).write(value, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  private ByteArrayOutputStream framed(String schema) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(
        ConfluentFrame.header(
            registry.register("s", new AvroSchema(new Schema.Parser().parse(schema)))));
    return bytes;
  }
}
