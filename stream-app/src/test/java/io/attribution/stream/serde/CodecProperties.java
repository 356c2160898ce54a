package io.attribution.stream.serde;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.drift.Origin;
import io.attribution.engine.attribution.Attributed;
import io.attribution.engine.attribution.Attributions;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.method.ContributionMethod;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.reduction.TopFeatures;
import io.attribution.engine.verification.VerificationSummary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * What our writers write, Avro's own reader reads, and its writer would have written byte for byte.
 * The other direction is {@link FeatureDecoderProperties}.
 */
class CodecProperties {
  private static final int FLOATS = 200;

  @Property(tries = 300)
  void writesProjectedContributionsThatAvroReads(@ForAll("records") Explained record)
      throws IOException {
    GenericRecord read =
        read(
            Schemas.PROJECTED_CONTRIBUTION, new ProjectedSerializer(42).serialize("t", record), 42);

    assertCommonFields(read, record);
    assertThat(read.get("outputs")).isEqualTo(record.model().outputs());
    assertThat(floats(read, "contributions")).containsExactly(record.attributed().contributions());
  }

  @Property(tries = 300)
  void writesReducedContributionsThatAvroReads(
      @ForAll("records") Explained record, @ForAll @IntRange(max = 12) int topK)
      throws IOException {
    Reduction reduction = topK % 2 == 0 ? new Reduction.L2() : new Reduction.Signed(1);
    GenericRecord read =
        read(
            Schemas.REDUCED_CONTRIBUTION,
            new ReducedSerializer(43, reduction, topK).serialize("t", record),
            43);

    assertCommonFields(read, record);
    assertThat(read.get("reduction")).hasToString(reduction.label());
    assertThat(read.get("target")).isEqualTo(topK % 2 == 0 ? null : 1);
    float[] all = record.attributed().reduced();
    if (topK == 0) {
      assertThat(read.get("indices")).isNull();
      assertThat(floats(read, "values")).containsExactly(all);
    } else {
      List<?> indices = (List<?>) read.get("indices");
      assertThat(indices).isEqualTo(top(all, topK));
      for (int i = 0; i < indices.size(); i++) {
        assertThat(floats(read, "values")[i]).isEqualTo(all[(Integer) indices.get(i)]);
      }
    }
  }

  @Property(tries = 300)
  void writesSamplesThatAvroReads(@ForAll("records") Explained record) throws IOException {
    float[] raw = record.attributed().reduced();
    Reduction reduction = raw.length % 2 == 0 ? new Reduction.L2() : new Reduction.Signed(1);
    Sampled sampled = new Sampled(record, FloatMatrix.of(raw), reduction);

    GenericRecord read =
        read(Schemas.ATTRIBUTION_SAMPLE, new SampleSerializer(45).serialize("t", sampled), 45);

    assertThat(floats(read, "features")).containsExactly(raw);
    assertThat(floats(read, "reduced")).containsExactly(record.attributed().reduced());
    assertThat(floats(read, "contributions")).containsExactly(record.attributed().contributions());
    assertThat(floats(read, "embedding")).containsExactly(record.attributed().embedding());
    assertThat(floats(read, "reconstruction")).hasSameSizeAs(record.attributed().embedding());
    assertThat(read.get("reduction")).hasToString(reduction.label());
    assertThat(read.get("target")).isEqualTo(raw.length % 2 == 0 ? null : 1);
    assertCertificate(read, record);
  }

  private static List<Integer> top(float[] values, int k) {
    return Arrays.stream(TopFeatures.indices(values, k)).boxed().toList();
  }

  @Property(tries = 200)
  void writesVerificationMetricsThatAvroReads(
      @ForAll("finite") float[] z, @ForAll long first, @ForAll long timestamp) throws IOException {
    VerificationSummary summary = VerificationSummary.ofRow(z, z.clone());
    Verified verified =
        new Verified(
            model(z.length, 1),
            new Origin("in", 2, first),
            first,
            timestamp,
            timestamp,
            summary,
            first,
            0,
            3);

    GenericRecord read =
        read(
            Schemas.VERIFICATION_METRIC,
            new VerificationSerializer(44).serialize("t", verified),
            44);

    assertThat(read.get("engine")).hasToString("layers");
    assertThat(((GenericRecord) read.get("source")).get("offset")).isEqualTo(first);
    assertThat(read.get("lastTimestamp")).isEqualTo(timestamp);
    assertThat(read.get("elements")).isEqualTo((long) z.length);
    assertThat(read.get("inexact")).isEqualTo(3L);
    assertThat(read.get("zMin")).isEqualTo(summary.zMin());
    assertThat(read.get("reconstructionMax")).isEqualTo(summary.reconstructionMax());
    assertThat(read.get("meanError")).isEqualTo(summary.meanError());
    assertThat(read.get("exact")).isEqualTo(true);
    assertThat(read.get("worstOffset")).isEqualTo(first);
  }

  private static void assertCommonFields(GenericRecord read, Explained record) {
    assertThat(read.get("model")).hasToString(record.model().name());
    assertThat(read.get("bundle")).hasToString(record.model().fingerprint());
    GenericRecord source = (GenericRecord) read.get("source");
    assertThat(source.get("topic")).hasToString(record.origin().topic());
    assertThat(source.get("partition")).isEqualTo(record.origin().partition());
    assertThat(source.get("offset")).isEqualTo(record.origin().offset());
    assertThat(Optional.ofNullable(read.get("recordId")).map(Object::toString))
        .isEqualTo(record.recordId());
    assertThat(floats(read, "embedding")).containsExactly(record.attributed().embedding());
    assertThat(read.get("features")).isEqualTo(record.model().features());
    assertCertificate(read, record);
  }

  private static void assertCertificate(GenericRecord read, Explained record) {
    GenericRecord certificate = (GenericRecord) read.get("certificate");
    assertThat(certificate.get("relativeError")).isEqualTo(record.relativeError());
    assertThat(certificate.get("tolerance")).isEqualTo(record.model().tolerance());
    assertThat(certificate.get("exact"))
        .isEqualTo(record.relativeError() <= record.model().tolerance());
    assertThat(certificate.get("method")).hasToString("expected_gradients");
    Attributed row = record.attributed();
    if (row.batch().base().isPresent()) {
      assertThat(floats(certificate, "base")).containsExactly(row.base());
    } else {
      assertThat(floats(certificate, "base")).isEmpty();
    }
    assertThat(certificate.get("nodes")).isEqualTo(row.nodes());
    assertThat(certificate.get("standardError"))
        .isEqualTo(row.standardError().isPresent() ? row.standardError().getAsDouble() : null);
  }

  private static GenericRecord read(Schema schema, byte[] value, int id) throws IOException {
    assertThat(ConfluentFrame.isFramed(value)).isTrue();
    assertThat(ConfluentFrame.schemaId(value)).isEqualTo(id);
    var decoder =
        DecoderFactory.get()
            .binaryDecoder(
                value,
                ConfluentFrame.HEADER_BYTES,
                value.length - ConfluentFrame.HEADER_BYTES,
                null);
    GenericRecord record = new GenericDatumReader<GenericRecord>(schema).read(null, decoder);
    assertThat(decoder.isEnd()).as("all bytes read").isTrue();
    assertThat(value).isEqualTo(written(record, id));
    return record;
  }

  private static byte[] written(GenericRecord record, int id) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(ConfluentFrame.header(id));
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  private static float[] floats(GenericRecord record, String field) {
    List<?> values = (List<?>) record.get(field);
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (Float) values.get(i);
    }
    return floats;
  }

  private static ModelIdentity model(int outputs, int features) {
    return new ModelIdentity(
        "modèle",
        "1.0",
        "abc123",
        1e-4,
        "layers",
        ContributionMethod.EXPECTED_GRADIENTS,
        outputs,
        features);
  }

  @Provide
  Arbitrary<Optional<String>> texts() {
    return Arbitraries.strings()
        .ofMaxLength(20)
        .excludeChars((char) 0xD800)
        .filter(s -> s.chars().noneMatch(c -> Character.isSurrogate((char) c)))
        .edgeCases(edges -> edges.add("long-é".repeat(100)))
        .optional();
  }

  @Provide
  Arbitrary<float[]> finite() {
    return Arbitraries.floats().between(-1e6f, 1e6f).array(float[].class).ofMinSize(1).ofMaxSize(9);
  }

  /** A row in the middle of a batch of three, two outputs, D features. */
  @Provide
  Arbitrary<Explained> records() {
    Arbitrary<Float> value = Arbitraries.floats().between(-1e6f, 1e6f);
    return Combinators.combine(
            value.array(float[].class).ofSize(2),
            Arbitraries.integers()
                .between(1, FLOATS)
                .flatMap(d -> value.array(float[].class).ofSize(2 * d)),
            Combinators.combine(
                    Arbitraries.of("topic-ü", "t", "t".repeat(249)),
                    Arbitraries.integers().greaterOrEqual(0),
                    Arbitraries.longs())
                .as(Origin::new),
            texts())
        .as(
            (z, contributions, origin, id) -> {
              int features = contributions.length / 2;
              float[] reduced = Arrays.copyOf(contributions, features);
              float[] reconstruction = {z[0] + 1, z[1]};
              Attributions plain =
                  new Attributions(
                      middle(z), middle(reconstruction),
                      Optional.of(middle(contributions)), Optional.of(middle(reduced)));
              Attributions batch = features % 2 == 0 ? plain : withPath(plain, z, features);
              return new Explained(
                  model(2, features),
                  origin,
                  id,
                  new Attributed(batch, 1, VerificationSummary.ofRow(z, reconstruction)));
            });
  }

  private static Attributions withPath(Attributions plain, float[] base, int features) {
    float[] path = {features, features % 3 == 0 ? Float.NaN : 0.5f};
    return new Attributions(
        plain.embedding(),
        plain.exact(),
        plain.reconstruction(),
        plain.check(),
        plain.contributions(),
        plain.reduced(),
        Optional.of(middle(base)),
        Optional.of(middle(path)));
  }

  private static FloatMatrix middle(float[] row) {
    return FloatMatrix.of(new float[row.length], row, new float[row.length]);
  }
}
