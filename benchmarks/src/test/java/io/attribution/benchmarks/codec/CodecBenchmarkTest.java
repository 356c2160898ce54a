package io.attribution.benchmarks.codec;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

/** That the benchmark runs and the codecs agree; not how fast they are. */
class CodecBenchmarkTest {

  @Test
  void codecsReadAndWriteTheSame() {
    CodecBenchmark benchmark = new CodecBenchmark();
    benchmark.floats = 64;

    assertThatCode(benchmark::prepare).doesNotThrowAnyException();
  }
}
