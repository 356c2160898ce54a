package io.attribution.app;

import io.attribution.serde.ModelIdentity;
import java.util.Collection;
import java.util.function.ToLongFunction;

/**
 * Upper bounds for the size of one message on each topic, in bytes, over all models. Keys and
 * headers belong to the users; a margin is left for them.
 */
public final class MessageSizes {
  /** Names, positions, certificate, framing, and room for the user's key and headers. */
  private static final long MARGIN = 16 << 10;

  private final Collection<ModelIdentity> models;

  public MessageSizes(Collection<ModelIdentity> models) {
    this.models = models;
  }

  public long features() {
    return largest(ModelIdentity::features);
  }

  public long projected() {
    return largest(model -> (long) model.outputs() * (model.features() + 1));
  }

  public long reduced() {
    return largest(model -> (long) model.outputs() + model.features() * 2L);
  }

  public long verification() {
    return MARGIN;
  }

  /** The largest message on any topic. */
  public long largest() {
    return Math.max(features(), Math.max(projected(), reduced()));
  }

  private long largest(ToLongFunction<ModelIdentity> floats) {
    return MARGIN + Float.BYTES * models.stream().mapToLong(floats).max().orElse(0);
  }
}
