package io.attribution.benchmarks.codec;

import io.attribution.attribution.Attributed;
import io.attribution.attribution.Attributions;
import io.attribution.batch.FloatMatrix;
import io.attribution.batch.Origin;
import io.attribution.reduction.Reduction;
import io.attribution.serde.Decoded;
import io.attribution.serde.Explained;
import io.attribution.serde.FeatureDecoder;
import io.attribution.serde.ModelIdentity;
import io.attribution.serde.ProjectedSerializer;
import io.attribution.serde.ReducedSerializer;
import io.attribution.serde.Registry;
import io.attribution.serde.WriterSchemas;
import io.attribution.verification.VerificationSummary;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** The application's codec: the only class here that knows its interfaces. */
final class CodecUnderTest {
  private final FeatureDecoder decoder;
  private final ProjectedSerializer projected;
  private final ReducedSerializer reduced;
  private final Explained explained;

  /**
   * @param registry knows the three schemas
   * @param results what is written
   */
  CodecUnderTest(SchemaRegistryClient registry, SchemaIds ids, Results results) {
    this.decoder =
        new FeatureDecoder(
            new WriterSchemas(new Registry(registry, Duration.ofSeconds(1)), Clock.systemUTC()));
    this.projected = new ProjectedSerializer(ids.projected());
    this.reduced = new ReducedSerializer(ids.reduced(), new Reduction.L2(), 0);
    this.explained = explained(results);
  }

  private static Explained explained(Results results) {
    FloatMatrix embedding = results.embedding();
    Attributions attributions =
        new Attributions(
            embedding,
            embedding,
            Optional.of(results.contributions()),
            Optional.of(results.reduced()));
    return new Explained(
        new ModelIdentity(
            Results.MODEL,
            Results.VERSION,
            Results.FINGERPRINT,
            Results.TOLERANCE,
            "layers",
            embedding.columns(),
            results.reduced().columns()),
        new Origin(Results.TOPIC, Results.PARTITION, Results.OFFSET),
        Optional.empty(),
        new Attributed(
            attributions, 0, VerificationSummary.ofRow(embedding.row(0), embedding.row(0))));
  }

  /** A FeatureRecord's features to a row of a batch. */
  void decode(byte[] value, FloatMatrix batch) {
    if (!(decoder.decode(value) instanceof Decoded.Row row)) {
      throw new IllegalStateException("cannot decode what Avro wrote");
    }
    row.row().copyTo(batch, 0);
  }

  /** A ProjectedContribution. */
  byte[] encodeProjected() {
    return projected.serialize(Results.TOPIC, explained);
  }

  /** A ReducedContribution. */
  byte[] encodeReduced() {
    return reduced.serialize(Results.TOPIC, explained);
  }
}
