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
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** The application's codec: the only class here that knows its interfaces. */
final class CodecUnderTest implements Codec {
  private final FeatureDecoder decoder;
  private final ProjectedSerializer projected;
  private final ReducedSerializer reduced;
  private final Explained explained;

  CodecUnderTest(CodecData data) {
    Registry registry = new Registry(data.registry(), Duration.ofSeconds(1));
    this.decoder = new FeatureDecoder(new WriterSchemas(registry, Clock.systemUTC()));
    this.projected = new ProjectedSerializer(data.id(CodecData.PROJECTED));
    this.reduced = new ReducedSerializer(data.id(CodecData.REDUCED), new Reduction.L2(), 0);
    this.explained = explained(data);
  }

  private static Explained explained(CodecData data) {
    FloatMatrix embedding = data.embedding();
    ModelIdentity model =
        new ModelIdentity(
            CodecData.MODEL,
            CodecData.VERSION,
            CodecData.FINGERPRINT,
            CodecData.TOLERANCE,
            "layers",
            embedding.columns(),
            data.reduced().columns());
    Attributions attributions =
        new Attributions(
            embedding, embedding, Optional.of(data.contributions()), Optional.of(data.reduced()));
    return new Explained(
        model,
        new Origin(CodecData.FEATURES, CodecData.PARTITION, CodecData.OFFSET),
        Optional.empty(),
        new Attributed(
            attributions, 0, VerificationSummary.ofRow(embedding.row(0), embedding.row(0))));
  }

  @Override
  public void decode(byte[] value, FloatMatrix batch) {
    if (!(decoder.decode(value) instanceof Decoded.Row row)) {
      throw new IllegalStateException("cannot decode what Avro wrote");
    }
    row.row().copyTo(batch, 0);
  }

  @Override
  public byte[] encodeProjected() {
    return projected.serialize(CodecData.FEATURES, explained);
  }

  @Override
  public byte[] encodeReduced() {
    return reduced.serialize(CodecData.FEATURES, explained);
  }
}
