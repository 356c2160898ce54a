package io.attribution.stream.topology;

import io.attribution.stream.serde.Explained;
import io.attribution.stream.serde.Verified;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serializer;

/**
 * How the enabled outputs are written; an output without a serializer is not published. Dead
 * letters always are.
 */
public record OutputSerializers(
    Optional<Serializer<Explained>> projected,
    Optional<Serializer<Explained>> reduced,
    Optional<Serializer<Verified>> verification) {}
