package io.attribution.stream.topology;

import io.attribution.stream.models.Explainers;
import io.attribution.stream.pending.PendingRowsBuilder;
import io.attribution.stream.serde.FeatureDecoder;
import io.attribution.stream.topics.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The flow, as the README draws it:
 *
 * <pre>
 * features ─▶ [1 decode] ─▶ [2 attribute] ─┬▶ projected
 *                                          ├▶ reduced
 *                                          ├▶ verification ─▶ [3 linearity] ─┬▶ windows
 *                                          │                                 └▶ alerts
 *                                          ├▶ samples ─▶ [3 drift] ─▶ alerts
 *                                          └▶ dead-letter
 * </pre>
 *
 * Decoding and attributing are one node: a record crosses from Kafka to the numerics and back once.
 */
public final class AttributionTopology {
  /** The store of pending rows; its changelog is APPLICATION_ID-pending-rows-changelog. */
  public static final String PENDING_ROWS = "pending-rows";

  private static final String FEATURES = "features";
  private static final String ATTRIBUTE = "attribute";
  private static final String PROJECTED = "projected";
  private static final String REDUCED = "reduced";
  private static final String VERIFICATION = "verification";
  private static final String DEAD_LETTER = "dead-letter";
  private static final String SAMPLES = "samples";
  private static final String VERIFIED = "verified";
  private static final String LINEARITY = "linearity";
  static final String LINEARITY_STATE = "linearity-state";
  private static final String WINDOWS = "windows";
  private static final String LINEARITY_ALERTS = "linearity-alerts";
  private static final String SAMPLED = "sampled";
  private static final String DRIFT = "drift";
  static final String DRIFT_STATE = "drift-state";
  private static final String DRIFT_ALERTS = "drift-alerts";

  private AttributionTopology() {}

  /**
   * The topology; every node and store is named.
   *
   * @param rules what the topics refuse
   * @param drift step 3, when it is enabled; needs the verification output
   */
  public static Topology build(
      Topics topics,
      OutputRules rules,
      FeatureDecoder decoder,
      Explainers explainers,
      OutputSerializers outputs,
      Optional<DriftStage> drift,
      BatchListener listener) {
    Topology topology = attributing(topics, rules, decoder, explainers, outputs, drift, listener);
    drift.ifPresent(
        stage -> {
          addLinearity(topology, topics, stage);
          addAttributionDrift(topology, topics, stage);
        });
    return topology;
  }

  private static Topology attributing(
      Topics topics,
      OutputRules rules,
      FeatureDecoder decoder,
      Explainers explainers,
      OutputSerializers outputs,
      Optional<DriftStage> drift,
      BatchListener listener) {
    ByteArrayDeserializer bytesIn = new ByteArrayDeserializer();
    ByteArraySerializer bytesOut = new ByteArraySerializer();
    Topology topology =
        new Topology()
            .addSource(
                AutoOffsetReset.earliest(),
                FEATURES,
                new RecordTimestamp(),
                bytesIn,
                bytesIn,
                topics.features())
            .addProcessor(
                ATTRIBUTE,
                attribute(
                    rules, decoder, explainers, drift, sinks(outputs, drift.isPresent()), listener),
                FEATURES)
            .addSink(DEAD_LETTER, topics.deadLetter(), bytesOut, bytesOut, ATTRIBUTE);
    outputs
        .projected()
        .ifPresent(to -> topology.addSink(PROJECTED, topics.projected(), bytesOut, to, ATTRIBUTE));
    outputs
        .reduced()
        .ifPresent(to -> topology.addSink(REDUCED, topics.reduced(), bytesOut, to, ATTRIBUTE));
    outputs
        .verification()
        .ifPresent(
            to -> topology.addSink(VERIFICATION, topics.verification(), bytesOut, to, ATTRIBUTE));
    drift.ifPresent(
        stage ->
            topology.addSink(
                SAMPLES, topics.samples(), bytesOut, stage.sampleSerializer(), ATTRIBUTE));
    return topology;
  }

  private static void addLinearity(Topology topology, Topics topics, DriftStage stage) {
    ByteArrayDeserializer bytesIn = new ByteArrayDeserializer();
    ByteArraySerializer bytesOut = new ByteArraySerializer();
    topology
        .addSource(
            AutoOffsetReset.earliest(),
            VERIFIED,
            new RecordTimestamp(),
            bytesIn,
            bytesIn,
            topics.verification())
        .addProcessor(
            LINEARITY,
            () -> new LinearityProcessor(LINEARITY_STATE, stage, WINDOWS, LINEARITY_ALERTS),
            VERIFIED)
        .addStateStore(watchState(LINEARITY_STATE), LINEARITY)
        .addSink(WINDOWS, topics.windows(), bytesOut, stage.windowSerializer(), LINEARITY)
        .addSink(LINEARITY_ALERTS, topics.alerts(), bytesOut, stage.alertSerializer(), LINEARITY);
  }

  private static void addAttributionDrift(Topology topology, Topics topics, DriftStage stage) {
    ByteArrayDeserializer bytesIn = new ByteArrayDeserializer();
    topology
        .addSource(
            AutoOffsetReset.earliest(),
            SAMPLED,
            new RecordTimestamp(),
            bytesIn,
            bytesIn,
            topics.samples())
        .addProcessor(
            DRIFT, () -> new AttributionDriftProcessor(DRIFT_STATE, stage, DRIFT_ALERTS), SAMPLED)
        .addStateStore(watchState(DRIFT_STATE), DRIFT)
        .addSink(
            DRIFT_ALERTS,
            topics.alerts(),
            new ByteArraySerializer(),
            stage.alertSerializer(),
            DRIFT);
  }

  /** A model's state, put with every record. The cache keeps most puts out of the changelog. */
  private static StoreBuilder<?> watchState(String name) {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
        .withCachingEnabled()
        .withLoggingEnabled(Map.of());
  }

  private static Sinks sinks(OutputSerializers outputs, boolean samples) {
    List<String> explained = new ArrayList<>();
    outputs.projected().ifPresent(serializer -> explained.add(PROJECTED));
    outputs.reduced().ifPresent(serializer -> explained.add(REDUCED));
    return new Sinks(
        List.copyOf(explained),
        outputs.verification().map(serializer -> List.of(VERIFICATION)).orElse(List.of()),
        samples ? List.of(SAMPLES) : List.of(),
        DEAD_LETTER);
  }

  private static ProcessorSupplier<byte[], byte[], byte[], Object> attribute(
      OutputRules rules,
      FeatureDecoder decoder,
      Explainers explainers,
      Optional<DriftStage> drift,
      Sinks sinks,
      BatchListener listener) {
    Optional<RowSampler> sampler = drift.map(DriftStage::sampler);
    return new ProcessorSupplier<>() {
      @Override
      public Processor<byte[], byte[], byte[], Object> get() {
        return new MicroBatchProcessor(
            PENDING_ROWS, rules, decoder, explainers, sampler, sinks, listener);
      }

      @Override
      public Set<StoreBuilder<?>> stores() {
        return Set.of(new PendingRowsBuilder(PENDING_ROWS));
      }
    };
  }
}
