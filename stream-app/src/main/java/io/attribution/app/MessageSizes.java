package io.attribution.app;

import io.attribution.bundle.ModelBundle;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Upper bounds for the size of one message on each topic, in bytes, over all models. Keys and
 * headers belong to the users; a margin is left for them.
 */
public final class MessageSizes {
  /** Names, positions, certificate, framing, and room for the user's key and headers. */
  private static final long MARGIN = 16 << 10;

  /** An index is a variable-length number: three bytes up to a million features, five at most. */
  private static final int WORDS_PER_TOP_FEATURE = 2;

  private final List<ModelBundle> models;

  public MessageSizes(List<ModelBundle> models) {
    this.models = List.copyOf(models);
  }

  public long features() {
    return largest(ModelBundle::featureCount);
  }

  public long projected() {
    return largest(model -> (long) model.outputCount() * (model.featureCount() + 1));
  }

  public long reduced() {
    return largest(
        model -> model.outputCount() + (long) WORDS_PER_TOP_FEATURE * model.featureCount());
  }

  public long verification() {
    return MARGIN;
  }

  /** A dead letter is its input record with more headers. */
  public long deadLetter() {
    return features() + MARGIN;
  }

  /** The largest message on any topic. */
  public long largest() {
    return Math.max(deadLetter(), Math.max(projected(), reduced()));
  }

  private long largest(ToLongFunction<ModelBundle> floats) {
    return MARGIN + Float.BYTES * models.stream().mapToLong(floats).max().orElse(0);
  }
}
