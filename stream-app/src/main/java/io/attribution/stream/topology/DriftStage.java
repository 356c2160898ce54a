package io.attribution.stream.topology;

import io.attribution.drift.Alert;
import io.attribution.drift.AttributionWatch;
import io.attribution.drift.LinearityWatch;
import io.attribution.stream.serde.SampleReader;
import io.attribution.stream.serde.Sampled;
import io.attribution.stream.serde.VerificationReader;
import io.attribution.stream.serde.WindowSerializer.ModelWindow;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serializer;

/**
 * The parts of step 3 of the topology.
 *
 * @param sampler which explained records are published as samples
 * @param sampleSerializer serializes the samples
 * @param verification reads the verification metrics of step 2
 * @param samples reads the samples of step 2
 * @param linearity makes the watch over a model's linearity error
 * @param attributions makes the watch over a model's attributions
 * @param idleAfter time without records after which the last window is closed
 * @param windowSerializer serializes windows
 * @param alertSerializer serializes alerts
 * @param alertListener receives alerts besides the topic
 */
public record DriftStage(
    RowSampler sampler,
    Serializer<Sampled> sampleSerializer,
    VerificationReader verification,
    SampleReader samples,
    LinearityWatch.Factory linearity,
    AttributionWatch.Factory attributions,
    Duration idleAfter,
    Serializer<ModelWindow> windowSerializer,
    Serializer<Alert> alertSerializer,
    AlertListener alertListener) {}
