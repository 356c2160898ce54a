package io.attribution.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.RestService;
import io.confluent.kafka.schemaregistry.client.rest.entities.Config;
import io.confluent.kafka.schemaregistry.client.rest.entities.SubjectVersion;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.serializers.AbstractKafkaSchemaSerDeConfig;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * What the genuine Confluent client may expect of a registry with compatibility BACKWARD. Each test
 * uses a subject of its own, so that all can share one registry.
 */
abstract class RegistryConformance {
  static final AvroSchema X = record("{\"name\":\"x\",\"type\":\"int\"}");
  static final AvroSchema X_AND_OPTIONAL_Y =
      record("{\"name\":\"x\",\"type\":\"int\"},{\"name\":\"y\",\"type\":\"int\",\"default\":0}");
  static final AvroSchema X_AND_REQUIRED_Z =
      record("{\"name\":\"x\",\"type\":\"int\"},{\"name\":\"z\",\"type\":\"int\"}");

  private static final int UNKNOWN_ID = 987_654;

  private final String subject = "subject-" + UUID.randomUUID();

  abstract String url();

  @Test
  void carriesRecordsFromSerializerToDeserializer() {
    Map<String, Object> config =
        Map.of(AbstractKafkaSchemaSerDeConfig.SCHEMA_REGISTRY_URL_CONFIG, url());
    GenericRecord sent = new GenericData.Record(X.rawSchema());
    sent.put("x", 42);
    try (KafkaAvroSerializer serializer = new KafkaAvroSerializer();
        KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer()) {
      serializer.configure(config, false);
      deserializer.configure(config, false);

      byte[] wire = serializer.serialize(subject, sent);

      assertThat(ByteBuffer.wrap(wire).get()).isZero();
      assertThat(deserializer.deserialize(subject, wire)).isEqualTo(sent);
    }
  }

  @Test
  void showsASchemaToAFreshClient() throws Exception {
    int id = client().register(subject, X);

    assertThat(client().getSchemaById(id)).isEqualTo(X);
  }

  @Test
  void keepsIdAndVersionWhenASchemaIsRegisteredAgain() throws Exception {
    int id = client().register(subject, X);

    assertThat(client().register(subject, X)).isEqualTo(id);
    assertThat(client().getAllVersions(subject)).containsExactly(1);
  }

  @Test
  void knowsAnOldSchemaThatWouldNotFitTheLatest() throws Exception {
    int old = client().register(subject, X_AND_REQUIRED_Z);
    client().register(subject, X);

    assertThat(client().register(subject, X_AND_REQUIRED_Z)).isEqualTo(old);
    assertThat(client().getAllVersions(subject)).containsExactly(1, 2);
  }

  @Test
  void givesOneIdToASchemaUnderTwoSubjects() throws Exception {
    AvroSchema schema = record("{\"name\":\"" + unique() + "\",\"type\":\"int\"}");
    String other = subject + "-other";
    int id = client().register(subject, schema);

    assertThat(client().register(other, schema)).isEqualTo(id);
    assertThat(client().getAllVersionsById(id))
        .containsExactlyInAnyOrder(new SubjectVersion(subject, 1), new SubjectVersion(other, 1));
  }

  @Test
  void countsCompatibleVersionsUp() throws Exception {
    client().register(subject, X);
    int second = client().register(subject, X_AND_OPTIONAL_Y);

    assertThat(client().getAllVersions(subject)).containsExactly(1, 2);
    assertThat(client().getSchemaMetadata(subject, 1).getSchema()).isEqualTo(X.canonicalString());
    assertThat(client().getLatestSchemaMetadata(subject).getId()).isEqualTo(second);
    assertThat(client().getLatestSchemaMetadata(subject).getVersion()).isEqualTo(2);
  }

  @Test
  void findsIdAndVersionOfARegisteredSchema() throws Exception {
    int first = client().register(subject, X);
    int second = client().register(subject, X_AND_OPTIONAL_Y);

    assertThat(client().getId(subject, X)).isEqualTo(first);
    assertThat(client().getVersion(subject, X)).isEqualTo(1);
    assertThat(client().getId(subject, X_AND_OPTIONAL_Y)).isEqualTo(second);
    assertThat(client().getVersion(subject, X_AND_OPTIONAL_Y)).isEqualTo(2);
  }

  @Test
  void refusesAnIncompatibleSchemaAndKeepsTheOldOne() throws Exception {
    client().register(subject, X);

    RestClientException refusal = refusal(() -> client().register(subject, X_AND_REQUIRED_Z));

    assertThat(refusal.getStatus()).isEqualTo(409);
    assertThat(refusal.getErrorCode()).isEqualTo(409);
    assertThat(client().getAllVersions(subject)).containsExactly(1);
  }

  @Test
  void judgesByTheLevelOfTheSubject() throws Exception {
    client().register(subject, X);
    client().updateConfig(subject, new Config("FORWARD"));

    client().register(subject, X_AND_REQUIRED_Z);

    assertThat(client().getAllVersions(subject)).containsExactly(1, 2);
    assertThat(client().getConfig(subject).getCompatibilityLevel()).isEqualTo("FORWARD");
  }

  @Test
  void testsCompatibilityWithoutRegistering() throws Exception {
    client().register(subject, X);

    assertThat(client().testCompatibility(subject, X_AND_OPTIONAL_Y)).isTrue();
    assertThat(client().testCompatibility(subject, X_AND_REQUIRED_Z)).isFalse();
    assertThat(client().getAllVersions(subject)).containsExactly(1);
  }

  @Test
  void takesAnySchemaToFitAnUnknownSubject() throws Exception {
    assertThat(client().testCompatibility(subject, X)).isTrue();
  }

  @Test
  void listsRegisteredSubjectsOnly() throws Exception {
    String absent = subject + "-absent";
    client().register(subject, X);
    refusal(() -> client().getId(absent, X));

    assertThat(client().getAllSubjects()).contains(subject).doesNotContain(absent);
  }

  @Test
  void isBackwardByDefault() throws Exception {
    assertThat(client().getConfig(null).getCompatibilityLevel()).isEqualTo("BACKWARD");
  }

  @Test
  void doesNotKnowAnUnregisteredId() {
    assertThat(refusal(() -> client().getSchemaById(UNKNOWN_ID)).getErrorCode()).isEqualTo(40403);
    assertThat(refusal(() -> client().getAllVersionsById(UNKNOWN_ID)).getErrorCode())
        .isEqualTo(40403);
  }

  @Test
  void doesNotKnowAnUnregisteredSubject() {
    assertThat(refusal(() -> client().getAllVersions(subject)).getErrorCode()).isEqualTo(40401);
    assertThat(refusal(() -> client().getLatestSchemaMetadata(subject)).getErrorCode())
        .isEqualTo(40401);
    assertThat(refusal(() -> client().getId(subject, X)).getErrorCode()).isEqualTo(40401);
  }

  @Test
  void doesNotKnowAnUnregisteredVersion() throws Exception {
    client().register(subject, X);

    assertThat(refusal(() -> client().getSchemaMetadata(subject, 2)).getErrorCode())
        .isEqualTo(40402);
  }

  @Test
  void doesNotKnowASchemaThatIsNotTheSubjects() throws Exception {
    client().register(subject, X);

    assertThat(refusal(() -> client().getVersion(subject, X_AND_OPTIONAL_Y)).getErrorCode())
        .isEqualTo(40403);
  }

  @Test
  void refusesWhatIsNoSchema() {
    RestService rest = new RestService(url());

    RestClientException refusal =
        refusal(() -> rest.registerSchema("{\"type\":\"nonsense\"}", subject));

    assertThat(refusal.getStatus()).isEqualTo(422);
    assertThat(refusal.getErrorCode()).isEqualTo(42201);
  }

  /** A client with nothing in its cache. */
  final SchemaRegistryClient client() {
    return new CachedSchemaRegistryClient(List.of(url()), 10, Map.of("max.retries", 0));
  }

  static RestClientException refusal(ThrowingCallable call) {
    return catchThrowableOfType(RestClientException.class, call);
  }

  private static AvroSchema record(String fields) {
    return new AvroSchema("{\"type\":\"record\",\"name\":\"R\",\"fields\":[" + fields + "]}");
  }

  private static String unique() {
    return "f" + UUID.randomUUID().toString().replace("-", "");
  }
}
