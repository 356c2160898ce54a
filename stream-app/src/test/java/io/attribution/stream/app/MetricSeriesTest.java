package io.attribution.stream.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.stream.config.ConfigLoader;
import io.attribution.stream.monitoring.Monitoring;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricSeriesTest {
  @TempDir Path state;

  /** Every restart would begin new time series otherwise, with labels that never come back. */
  @Test
  void ofKafkaAreTheSameAfterARestart() {
    Set<String> before = series("before");

    assertThat(before).hasSizeGreaterThan(100);
    assertThat(series("after")).isEqualTo(before);
  }

  /** Without their values. */
  private Set<String> series(String start) {
    Set<String> series = new TreeSet<>();
    try (Monitoring monitoring = new Monitoring(List.of());
        KafkaStreams streams = new KafkaStreams(topology(), settings(start))) {
      monitoring.bind(streams);
      monitoring
          .scrape()
          .lines()
          .filter(line -> line.startsWith("kafka_"))
          .map(line -> line.substring(0, line.lastIndexOf(' ')))
          .forEach(series::add);
    }
    return series;
  }

  private static Topology topology() {
    Topology topology = new Topology();
    topology.addSource("in", "in");
    topology.addSink("out", "out", "in");
    return topology;
  }

  /** Of a broker that is not there: nothing is started. */
  private Properties settings(String start) {
    Map<String, String> settings =
        Map.of(
            "bundles", "unused",
            "bootstrap.servers", "127.0.0.1:1",
            "num.stream.threads", "2",
            "state.dir", state.resolve(start).toString());
    return StreamsSettings.of(ConfigLoader.of(settings, "test"), MessageSizes.of(List.of()));
  }
}
