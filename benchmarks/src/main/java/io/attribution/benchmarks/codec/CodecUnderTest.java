package io.attribution.benchmarks.codec;

import io.attribution.drift.Origin;
import io.attribution.engine.attribution.Attributed;
import io.attribution.engine.attribution.Attributions;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.verification.VerificationSummary;
import io.attribution.stream.registry.Registry;
import io.attribution.stream.serde.Decoded;
import io.attribution.stream.serde.Explained;
import io.attribution.stream.serde.FeatureDecoder;
import io.attribution.stream.serde.ModelIdentity;
import io.attribution.stream.serde.ProjectedSerializer;
import io.attribution.stream.serde.ReducedSerializer;
import io.attribution.stream.serde.WriterSchemas;
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
