package io.attribution.engine.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Reads the safetensors format: an 8-byte little-endian header length, a JSON header with every
 * tensor's type, shape and byte range, then the bytes. Of these, only what is asked for is read.
 *
 * <p>Source: the format's description in the README of huggingface/safetensors.
 */
final class Safetensors implements AutoCloseable {
  private static final int LENGTH_BYTES = Long.BYTES;

  /** Some 40,000 tensors. */
  private static final int MOST_HEADER_BYTES = 4 << 20;

  private static final int MOST_AXES = 16;

  private static final String METADATA = "__metadata__";

  private static final Map<String, GraphTensor.Type> CONSTANTS =
      Map.of(
          "F32", GraphTensor.Type.FLOAT32,
          "I64", GraphTensor.Type.INT64,
          "BOOL", GraphTensor.Type.BOOL);

  private final Optional<FileChannel> channel;
  private final Optional<BundleFile> file;
  private final JsonNode header;
  private final int dataStart;

  /** A range of bytes, from the first one after the header. */
  private record Range(String tensor, int begin, int end) {}

  private Safetensors(
      Optional<BundleFile> file, Optional<FileChannel> channel, JsonNode header, int dataStart) {
    this.file = file;
    this.channel = channel;
    this.header = header;
    this.dataStart = dataStart;
  }

  /** A file without tensors. */
  static Safetensors none() {
    return new Safetensors(
        Optional.empty(), Optional.empty(), JsonNodeFactory.instance.objectNode(), 0);
  }

  /**
   * Opens a file and reads its header.
   *
   * @param file of less than 2 GiB
   * @throws BundleException when it is no safetensors file
   */
  @SuppressWarnings("MustBeClosed")
  static Safetensors open(BundleFile file) {
    FileChannel channel = file.open();
    try {
      int length = headerLength(file, channel);
      return new Safetensors(
          Optional.of(file),
          Optional.of(channel),
          header(file, channel, length),
          LENGTH_BYTES + length);
    } catch (RuntimeException e) {
      close(channel);
      throw e;
    }
  }

  private static int headerLength(BundleFile file, FileChannel channel) {
    long length =
        file.size() < LENGTH_BYTES
            ? -1
            : ByteBuffer.wrap(file.bytes(channel, 0, LENGTH_BYTES))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
    if (length < 2 || length > file.size() - LENGTH_BYTES) {
      throw file.error("not a safetensors file, or cut short (its header does not fit in it)");
    }
    if (length > MOST_HEADER_BYTES) {
      throw file.error(
          String.format(
              "its header has %,d bytes, more than the %,d that are read",
              length, MOST_HEADER_BYTES));
    }
    return (int) length;
  }

  private static JsonNode header(BundleFile file, FileChannel channel, int length) {
    byte[] bytes = file.bytes(channel, LENGTH_BYTES, length);
    JsonNode header = StrictJson.parse(file.path() + ": its header", bytes);
    if (!header.isObject()) {
      throw file.error("its header is not a JSON object; export it again");
    }
    return header;
  }

  /** The tensors' names, in the file's order. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    header.fieldNames().forEachRemaining(names::add);
    names.remove(METADATA);
    return names;
  }

  boolean has(String name) {
    return header.has(name) && !name.equals(METADATA);
  }

  /** How many numbers the file holds, if all are float32. */
  long values() {
    return dataBytes() / Float.BYTES;
  }

  private int dataBytes() {
    return (int) (file.map(BundleFile::size).orElse(0L) - dataStart);
  }

  /**
   * @param name one of {@link #names()}
   * @throws IllegalArgumentException when it is damaged or not float32; says in which way
   */
  Tensor tensor(String name) {
    String type = header.path(name).path("dtype").asText();
    if (!type.equals("F32")) {
      throw new IllegalArgumentException(
          "has type '" + Printable.excerpt(type) + "'; export it as float32 (F32)");
    }
    List<Integer> shape = shape(header.path(name).path("shape"));
    return new Tensor(shape, floats(range(name, shape, Float.BYTES)));
  }

  /**
   * A constant of a graph.
   *
   * @param name one of {@link #names()}
   * @throws IllegalArgumentException when it is damaged or of another type; says in which way
   */
  GraphTensor constant(String name) {
    String given = header.path(name).path("dtype").asText();
    GraphTensor.Type type = CONSTANTS.get(given);
    if (type == null) {
      throw new IllegalArgumentException(
          "has type '"
              + Printable.excerpt(given)
              + "'; constants of a graph are F32, I64 or BOOL: export it as one of them");
    }
    List<Integer> shape = shape(header.path(name).path("shape"));
    Range range = range(name, shape, type.width());
    ByteBuffer bytes = ByteBuffer.allocate(range.end() - range.begin());
    read(range, bytes::put);
    return new GraphTensor(type, shape, bytes.flip());
  }

  /** Where a tensor's numbers are, which fill its shape. */
  private Range range(String name, List<Integer> shape, int width) {
    JsonNode offsets = header.path(name).path("data_offsets");
    Range range = range(name, offsets).orElseThrow(() -> outside(offsets));
    int bytes = range.end() - range.begin();
    // As doubles, products beyond any file's size cannot wrap around to a size that fits.
    double needed = shape.stream().mapToDouble(axis -> axis).reduce(width, (a, b) -> a * b);
    if (bytes != needed) {
      throw new IllegalArgumentException(
          "has " + bytes + " bytes, which are not its shape " + shape);
    }
    return range;
  }

  private IllegalArgumentException outside(JsonNode offsets) {
    return new IllegalArgumentException(
        "is at bytes "
            + Printable.excerpt(offsets.toString())
            + " of "
            + dataBytes()
            + "; the file may have been cut short");
  }

  private float[] floats(Range range) {
    FloatBuffer values = FloatBuffer.allocate((range.end() - range.begin()) / Float.BYTES);
    read(range, piece -> values.put(piece.asFloatBuffer()));
    return values.array();
  }

  private void read(Range range, Consumer<ByteBuffer> pieces) {
    file.orElseThrow()
        .read(
            channel.orElseThrow(),
            (long) dataStart + range.begin(),
            range.end() - range.begin(),
            pieces);
  }

  private static List<Integer> shape(JsonNode axes) {
    List<Integer> shape = new ArrayList<>();
    for (JsonNode axis : axes) {
      shape.add(natural(axis).orElse(0));
    }
    if (!axes.isArray() || shape.contains(0) || shape.size() > MOST_AXES) {
      throw new IllegalArgumentException(
          "has the impossible shape " + Printable.excerpt(axes.toString()));
    }
    return shape;
  }

  /** Nothing when the file has no such bytes. */
  private Optional<Range> range(String tensor, JsonNode offsets) {
    int begin = natural(offsets.path(0)).orElse(Integer.MAX_VALUE);
    int end = natural(offsets.path(1)).orElse(Integer.MIN_VALUE);
    return begin <= end && end <= dataBytes()
        ? Optional.of(new Range(tensor, begin, end))
        : Optional.empty();
  }

  private static OptionalInt natural(JsonNode node) {
    boolean fits = node.isIntegralNumber() && node.canConvertToInt() && node.intValue() >= 0;
    return fits ? OptionalInt.of(node.intValue()) : OptionalInt.empty();
  }

  /**
   * The format leaves no byte out and gives none to two tensors: else a small file could stand for
   * a large one, or hold what nobody has checked.
   *
   * @throws BundleException when a byte belongs to two tensors or to none
   */
  void requireEveryByteOnce() {
    int covered = 0;
    for (Range range : ranges()) {
      if (range.begin() < covered) {
        throw damaged(
            "tensor '" + Printable.excerpt(range.tensor()) + "' shares bytes with another");
      }
      if (range.begin() > covered) {
        break;
      }
      covered = range.end();
    }
    if (covered < dataBytes()) {
      throw damaged("the bytes from " + covered + " of " + dataBytes() + " on belong to no tensor");
    }
  }

  private List<Range> ranges() {
    return names().stream()
        .flatMap(name -> range(name, header.path(name).path("data_offsets")).stream())
        .sorted(Comparator.comparingInt(Range::begin).thenComparingInt(Range::end))
        .toList();
  }

  private BundleException damaged(String problem) {
    return file.orElseThrow().error(problem + "; export it again");
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    channel.ifPresent(Safetensors::close);
  }
}
