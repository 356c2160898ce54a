package io.attribution.benchmarks.codec;

import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.stream.serde.Schemas;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One record at a time; seconds per call. Decoding is from a record's value to a row of a batch
 * outside the Java heap, encoding from a row of results to a record's value.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
public class CodecBenchmark {

  @Param({"64", "2000", "20000"})
  int floats;

  private Results results;
  private byte[] feature;
  private FloatMatrix batch;
  private CodecUnderTest underTest;
  private AvroPeer avro;
  private ConfluentPeer confluent;

  @Setup(Level.Trial)
  public void prepare() {
    SchemaRegistryClient registry = new MockSchemaRegistryClient();
    SchemaIds ids = SchemaIds.register(registry);
    results = Results.random(floats);
    batch = FloatMatrix.allocateDirect(1, floats);
    underTest = new CodecUnderTest(registry, ids, results);
    avro = new AvroPeer(ids);
    confluent = new ConfluentPeer(registry);
    feature = avro.encodeFeature(results.reduced());
    requireAgreement();
  }

  /** No time is measured of a codec that writes or reads something else. */
  void requireAgreement() {
    requireDecoded(() -> underTest.decode(feature, batch));
    requireDecoded(() -> avro.decode(feature, batch));
    requireDecoded(() -> confluent.decode(feature, batch));
    requireSame(
        Schemas.PROJECTED_CONTRIBUTION,
        underTest.encodeProjected(),
        avro.encodeProjected(results),
        confluent.encodeProjected(results));
    requireSame(
        Schemas.REDUCED_CONTRIBUTION,
        underTest.encodeReduced(),
        avro.encodeReduced(results),
        confluent.encodeReduced(results));
  }

  private void requireDecoded(Runnable decode) {
    batch.setRow(0, new float[floats]);
    decode.run();
    if (!Arrays.equals(batch.row(0), results.reduced().row(0))) {
      throw new IllegalStateException("the features came out different");
    }
  }

  private static void requireSame(Schema schema, byte[]... values) {
    for (byte[] value : values) {
      if (!AvroPeer.read(schema, value).equals(AvroPeer.read(schema, values[0]))) {
        throw new IllegalStateException("a " + schema.getName() + " came out different");
      }
    }
  }

  @Benchmark
  public FloatMatrix decode() {
    underTest.decode(feature, batch);
    return batch;
  }

  @Benchmark
  public FloatMatrix decodeAvro() {
    avro.decode(feature, batch);
    return batch;
  }

  @Benchmark
  public FloatMatrix decodeConfluent() {
    confluent.decode(feature, batch);
    return batch;
  }

  @Benchmark
  public byte[] encodeProjected() {
    return underTest.encodeProjected();
  }

  @Benchmark
  public byte[] encodeProjectedAvro() {
    return avro.encodeProjected(results);
  }

  @Benchmark
  public byte[] encodeProjectedConfluent() {
    return confluent.encodeProjected(results);
  }

  @Benchmark
  public byte[] encodeReduced() {
    return underTest.encodeReduced();
  }

  @Benchmark
  public byte[] encodeReducedAvro() {
    return avro.encodeReduced(results);
  }

  @Benchmark
  public byte[] encodeReducedConfluent() {
    return confluent.encodeReduced(results);
  }
}
