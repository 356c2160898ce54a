package io.attribution.benchmarks.codec;

import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.stream.serde.Schemas;
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

/** One record at a time; seconds per call. Each codec and length has a JVM of its own. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
public class CodecBenchmark {
  @Param({"64", "2000", "20000"})
  int floats;

  @Param({"attribution", "Avro", "Confluent"})
  String codec;

  private CodecData data;
  private byte[] feature;
  private FloatMatrix batch;
  private Codec measured;

  @Setup(Level.Trial)
  public void prepare() {
    data = CodecData.random(floats);
    batch = FloatMatrix.allocateDirect(1, floats);
    Codec.Avro avro = new Codec.Avro(data);
    feature = avro.encodeFeature();
    measured =
        switch (codec) {
          case "attribution" -> new Codec.Own(data);
          case "Avro" -> avro;
          default -> new Codec.Confluent(data);
        };
    requireAgreement(avro);
  }

  /** No time counts of a codec that writes or reads something else. */
  private void requireAgreement(Codec avro) {
    measured.decode(feature, batch);
    if (!Arrays.equals(batch.row(0), data.reduced().row(0))) {
      throw new IllegalStateException(codec + ": the features came out different");
    }
    Schema projected = Schemas.PROJECTED_CONTRIBUTION;
    Schema reduced = Schemas.REDUCED_CONTRIBUTION;
    if (!Codec.Avro.read(projected, measured.encodeProjected())
            .equals(Codec.Avro.read(projected, avro.encodeProjected()))
        || !Codec.Avro.read(reduced, measured.encodeReduced())
            .equals(Codec.Avro.read(reduced, avro.encodeReduced()))) {
      throw new IllegalStateException(codec + ": a record came out different");
    }
  }

  @Benchmark
  public FloatMatrix decode() {
    measured.decode(feature, batch);
    return batch;
  }

  @Benchmark
  public byte[] encodeProjected() {
    return measured.encodeProjected();
  }

  @Benchmark
  public byte[] encodeReduced() {
    return measured.encodeReduced();
  }
}
