package io.attribution.stream.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attribution.local.LocalRegistry;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Schemas evolve under BACKWARD compatibility. The published versions stand under
 * src/test/resources/published/; what is released next is added there, never changed.
 */
class SchemaEvolutionTest {

  static Stream<Schema> current() {
    return Stream.of(
        Schemas.FEATURE_RECORD,
        Schemas.PROJECTED_CONTRIBUTION,
        Schemas.REDUCED_CONTRIBUTION,
        Schemas.VERIFICATION_METRIC,
        Schemas.ATTRIBUTION_SAMPLE,
        Schemas.VERIFICATION_WINDOW,
        Schemas.DRIFT_ALERT);
  }

  /** Those that were published before; the others are new. */
  static Stream<Schema> evolved() {
    return current()
        .filter(schema -> SchemaEvolutionTest.class.getResource(published(schema)) != null);
  }

  @ParameterizedTest
  @MethodSource("evolved")
  void registersAfterThePreviousVersion(Schema schema) throws Exception {
    try (LocalRegistry registry = LocalRegistry.start();
        CachedSchemaRegistryClient client = new CachedSchemaRegistryClient(registry.url(), 10)) {
      client.register("subject", new AvroSchema(previous(schema)));

      assertThat(client.register("subject", new AvroSchema(schema))).isPositive();
    }
  }

  @Test
  void isHeldToThatByTheRegistry() throws Exception {
    try (LocalRegistry registry = LocalRegistry.start();
        CachedSchemaRegistryClient client = new CachedSchemaRegistryClient(registry.url(), 10)) {
      client.register("subject", new AvroSchema(previous(Schemas.FEATURE_RECORD)));
      Schema withoutDefault =
          SchemaBuilder.record("FeatureRecord")
              .namespace("io.attribution.schema")
              .fields()
              .requiredString("mandatory")
              .endRecord();

      assertThatThrownBy(() -> client.register("subject", new AvroSchema(withoutDefault)))
          .isInstanceOf(RestClientException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("current")
  void generatesItsRecordsFromTheSameSchema(Schema schema) throws Exception {
    Schema generated = (Schema) Class.forName(schema.getFullName()).getField("SCHEMA$").get(null);

    assertThat(SchemaNormalization.toParsingForm(generated))
        .isEqualTo(SchemaNormalization.toParsingForm(schema));
  }

  @ParameterizedTest
  @MethodSource("current")
  void documentsEveryField(Schema schema) {
    assertThat(schema.getDoc()).isNotBlank();
    List<Schema.Field> undocumented =
        schema.getFields().stream().filter(f -> f.doc() == null || f.doc().isBlank()).toList();
    assertThat(undocumented).isEmpty();
  }

  private static Schema previous(Schema schema) throws IOException {
    try (InputStream published = SchemaEvolutionTest.class.getResourceAsStream(published(schema))) {
      return new Schema.Parser().parse(published);
    }
  }

  private static String published(Schema schema) {
    return "/published/0.1/" + schema.getName() + ".avsc";
  }
}
