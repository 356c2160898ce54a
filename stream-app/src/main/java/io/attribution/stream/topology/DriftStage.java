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
 * What step 3 of the topology is made of.
 *
 * @param sampler which explained records are kept in one piece
 * @param sampleSerializer how they are written
 * @param verification reads what step 2 wrote
 * @param samples reads what step 2 kept
 * @param linearity makes the watch over a model's linearity error
 * @param attributions makes the watch over a model's attributions
 * @param idleAfter how long nothing comes until the last window of time counts as over
 * @param windowSerializer how windows are written
 * @param alertSerializer how alerts are written
 * @param alertListener hears of alerts beside the topic
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
