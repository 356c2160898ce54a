package io.attribution.benchmarks.codec;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import org.junit.jupiter.api.Test;

/** That the benchmark runs and the codecs agree; not how fast they are. */
class CodecBenchmarkTest {

  @Test
  void codecsReadAndWriteTheSame() {
    for (String codec : List.of("attribution", "Avro", "Confluent")) {
      CodecBenchmark benchmark = new CodecBenchmark();
      benchmark.floats = 64;
      benchmark.codec = codec;
      assertThatCode(benchmark::prepare).as(codec).doesNotThrowAnyException();
    }
  }
}
