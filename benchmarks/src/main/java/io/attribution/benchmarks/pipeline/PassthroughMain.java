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

/** The process of {@link StreamsSubject#passthrough}. */
public final class PassthroughMain {
  private static final String FEATURES = "features";
  private static final String MOVE = "move";
  private static final String PROJECTED = "projected";
  private static final String REDUCED = "reduced";

  private PassthroughMain() {}

  /** Takes a configuration file of the application and a file of payloads; runs until SIGTERM. */
  public static void main(String[] args) throws IOException, InterruptedException {
    AppConfig config = ConfigLoader.load(Path.of(args[0]), Map.of(), Map.of());
    Payloads payloads = Payloads.read(Path.of(args[1]));
    MessageSizes sizes =
        MessageSizes.of(config.models().bundles().stream().map(BundleLoader::load).toList());
    KafkaStreams streams =
        new KafkaStreams(
            topology(config.topics().names(), payloads), StreamsSettings.of(config, sizes));
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

  private static Topology topology(Topics topics, Payloads payloads) {
    ByteArrayDeserializer in = new ByteArrayDeserializer();
    ByteArraySerializer out = new ByteArraySerializer();
    return new Topology()
        .addSource(AutoOffsetReset.earliest(), FEATURES, in, in, topics.features())
        .addProcessor(MOVE, () -> new Move(payloads), FEATURES)
        .addSink(PROJECTED, topics.projected(), out, out, MOVE)
        .addSink(REDUCED, topics.reduced(), out, out, MOVE);
  }

  /** Two outputs for one input, with its key, timestamp and headers. */
  private static final class Move extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    private final List<Payloads.Pair> pairs;
    private int next;

    Move(Payloads payloads) {
      this.pairs = payloads.pairs();
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      Payloads.Pair pair = pairs.get(next);
      next = (next + 1) % pairs.size();
      context().forward(record.withValue(pair.projected()), PROJECTED);
      context().forward(record.withValue(pair.reduced()), REDUCED);
    }
  }
}
