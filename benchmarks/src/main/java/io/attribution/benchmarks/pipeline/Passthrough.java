package io.attribution.benchmarks.pipeline;

import io.attribution.engine.bundle.BundleLoader;
import io.attribution.stream.app.MessageSizes;
import io.attribution.stream.app.StreamsSettings;
import io.attribution.stream.config.AppConfig;
import io.attribution.stream.config.ConfigLoader;
import io.attribution.stream.topics.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** The process of {@link Subject#passthrough}: two outputs for one input, nothing computed. */
final class Passthrough extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
  private final List<byte[]> messages;
  private int next;

  private Passthrough(List<byte[]> messages) {
    this.messages = messages;
  }

  /** Takes a configuration file of the application and its outputs; runs until SIGTERM. */
  public static void main(String[] args) throws IOException, InterruptedException {
    AppConfig config = ConfigLoader.load(Path.of(args[0]), Map.of(), Map.of());
    List<byte[]> messages = Outputs.messages(Path.of(args[1]));
    Topics topics = config.topics().names();
    ByteArrayDeserializer in = new ByteArrayDeserializer();
    ByteArraySerializer out = new ByteArraySerializer();
    Topology topology =
        new Topology()
            .addSource(AutoOffsetReset.earliest(), "features", in, in, topics.features())
            .addProcessor("move", () -> new Passthrough(messages), "features")
            .addSink("projected", topics.projected(), out, out, "move")
            .addSink("reduced", topics.reduced(), out, out, "move");
    MessageSizes sizes =
        MessageSizes.of(config.models().bundles().stream().map(BundleLoader::load).toList());
    KafkaStreams streams = new KafkaStreams(topology, StreamsSettings.of(config, sizes));
    CountDownLatch stopped = new CountDownLatch(1);
    streams.setStateListener(
        (state, before) -> {
          if (state.hasCompletedShutdown()) {
            stopped.countDown();
          }
        });
    Runtime.getRuntime().addShutdownHook(new Thread(streams::close, "shutdown"));
    streams.start();
    stopped.await();
  }

  /** Key, timestamp and headers stay. */
  @Override
  public void process(Record<byte[], byte[]> record) {
    context().forward(record.withValue(messages.get(next)), "projected");
    context().forward(record.withValue(messages.get(next + 1)), "reduced");
    next = (next + 2) % messages.size();
  }
}
