package io.attribution.stream.app;

import io.attribution.engine.bundle.ModelBundle;
import io.attribution.stream.serde.SampleSerializer;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Upper bounds for the size of one message on each topic, in bytes, over all models. An output
 * carries its input's key, headers and recordId, so it may be as large as the largest input and its
 * own vectors together.
 */
public final class MessageSizes {
  /** Kafka's default for max.message.bytes; never less. */
  static final long KAFKA_DEFAULT = 1_048_588;

  /** Names, positions, certificate, framing, and the headers of a dead letter. */
  private static final long OWN_FIELDS = 16 << 10;

  /** A pending row's position, and what its headers take more there than on the topic. */
  private static final long STORED_FIELDS = 8 << 10;

  /** A feature index: a variable-length integer of at most five bytes. */
  private static final int WORDS_PER_TOP_FEATURE = 2;

  private final List<ModelBundle> models;
  private final long inputLimit;

  private MessageSizes(List<ModelBundle> models, long inputLimit) {
    this.models = List.copyOf(models);
    this.inputLimit = inputLimit;
  }

  /** Sizes for an input topic with the smallest limit that the models can work with. */
  public static MessageSizes of(List<ModelBundle> models) {
    MessageSizes vectors = new MessageSizes(models, 0);
    return vectors.withInputLimit(
        Math.max(KAFKA_DEFAULT, OWN_FIELDS + vectors.largest(ModelBundle::featureCount)));
  }

  /** Sizes for an input topic whose max.message.bytes is known. */
  public MessageSizes withInputLimit(long bytes) {
    return new MessageSizes(models, bytes);
  }

  /** The largest input record. */
  public long features() {
    return inputLimit;
  }

  /**
   * The largest stored input record, uncompressed. More than the topic's limit when a model's
   * vector is: vectors may compress.
   */
  public long storedFeatures() {
    return uncompressedFeatures() + STORED_FIELDS;
  }

  private long uncompressedFeatures() {
    return Math.max(inputLimit, OWN_FIELDS + largest(ModelBundle::featureCount));
  }

  public long projected() {
    return output(model -> (long) model.outputCount() * (model.featureCount() + 2));
  }

  public long reduced() {
    return output(
        model -> 2L * model.outputCount() + (long) WORDS_PER_TOP_FEATURE * model.featureCount());
  }

  public long verification() {
    return KAFKA_DEFAULT;
  }

  /**
   * A sampled record: raw and reduced features, embedding twice, base, and the matrix if it is
   * small.
   */
  public long sample() {
    return Math.max(
        KAFKA_DEFAULT,
        output(model -> 2L * model.featureCount() + 3L * model.outputCount())
            + SampleSerializer.MAX_MATRIX_BYTES);
  }

  /** The vectors that a sampled record has at least. */
  public long sampled() {
    return largest(model -> 2L * model.featureCount() + 2L * model.outputCount());
  }

  /** A dead letter: the input record and its error headers. */
  public long deadLetter() {
    return uncompressedFeatures() + OWN_FIELDS;
  }

  /** A pending row, or a sampled one with its raw and reduced features, in a changelog. */
  public long changelog() {
    return Math.max(deadLetter(), OWN_FIELDS + largest(model -> 2L * model.featureCount()));
  }

  /** The largest message on any topic. */
  public long largest() {
    return Math.max(Math.max(changelog(), sample()), Math.max(projected(), reduced()));
  }

  /** The vectors of one input record and of its outputs: most of a message. */
  public long inputVector() {
    return largest(ModelBundle::featureCount);
  }

  /** The vectors of all outputs of one record. */
  public long outputVectors() {
    return projected() + reduced() - 2 * (inputLimit + OWN_FIELDS);
  }

  private long output(ToLongFunction<ModelBundle> floats) {
    return inputLimit + OWN_FIELDS + largest(floats);
  }

  private long largest(ToLongFunction<ModelBundle> floats) {
    return Float.BYTES * models.stream().mapToLong(floats).max().orElse(0);
  }
}
