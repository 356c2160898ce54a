package io.attribution.stream.topology;

import io.attribution.stream.serde.Explained;
import io.attribution.stream.serde.Verified;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serializer;

/**
 * The serializers of the enabled outputs. An output without one is not published; dead letters
 * always are.
 */
public record OutputSerializers(
    Optional<Serializer<Explained>> projected,
    Optional<Serializer<Explained>> reduced,
    Optional<Serializer<Verified>> verification) {}
