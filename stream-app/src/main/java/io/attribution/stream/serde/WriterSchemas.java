package io.attribution.stream.serde;

import io.attribution.engine.attribution.Rejected.Reason;
import io.attribution.stream.registry.Registry;
import io.attribution.stream.registry.RegistryException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A cache of writer schemas by id. An id that the registry does not know is looked up again after a
 * second, because a registry's followers may lag behind.
 */
public final class WriterSchemas {
  private static final Duration UNKNOWN_FOR = Duration.ofSeconds(1);

  /** Damaged values may carry any id; the cache stays bounded. */
  private static final int MAX_UNKNOWN = 10_000;

  private final Registry registry;
  private final Clock clock;
  private final Map<Integer, WriterSchema> known = new ConcurrentHashMap<>();
  private final Map<Integer, Instant> unknownSince = new ConcurrentHashMap<>();

  public WriterSchemas(Registry registry, Clock clock) {
    this.registry = registry;
    this.clock = clock;
  }

  /**
   * @throws RegistryException when the registry cannot be reached, or refuses
   */
  WriterSchema find(int id) {
    WriterSchema schema = known.get(id);
    return schema != null ? schema : lookUp(id);
  }

  private WriterSchema lookUp(int id) {
    Instant since = unknownSince.get(id);
    if (since != null && clock.instant().isBefore(since.plus(UNKNOWN_FOR))) {
      return unknown(id);
    }
    Registry.Lookup lookup = registry.schema(id);
    if (lookup instanceof Registry.Lookup.Found found) {
      return known.computeIfAbsent(id, i -> WriterSchema.of(i, found.schema()));
    }
    if (lookup instanceof Registry.Lookup.NotAvro notAvro) {
      return known.computeIfAbsent(
          id, i -> new WriterSchema.Unreadable(Reason.INCOMPATIBLE_SCHEMA, notAvro.detail()));
    }
    rememberUnknown(id);
    return unknown(id);
  }

  private void rememberUnknown(int id) {
    if (unknownSince.size() >= MAX_UNKNOWN) {
      unknownSince.clear();
    }
    unknownSince.put(id, clock.instant());
  }

  private static WriterSchema unknown(int id) {
    return new WriterSchema.Unreadable(
        Reason.UNKNOWN_SCHEMA, "the schema registry has no schema with id " + id);
  }
}
