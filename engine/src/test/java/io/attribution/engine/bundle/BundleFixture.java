package io.attribution.engine.bundle;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** A bundle folder made by a test, to be spoilt in one place. */
public final class BundleFixture {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final ObjectNode model = JSON.createObjectNode();
  private final ObjectNode header = JSON.createObjectNode();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  private BundleFixture(Path directory) {
    this.directory = directory;
  }

  /** Features a and b, outputs p = 1a + 2b and q = 3a − b, described by layers. */
  public static BundleFixture linear(Path directory) {
    return linear(directory, 1, 2, 3, -1);
  }

  /** Features a and b, outputs p and q, described by layers. */
  public static BundleFixture linear(Path directory, float pa, float pb, float qa, float qb) {
    BundleFixture fixture = new BundleFixture(directory);
    fixture.model.put("format", "attribution-bundle/1").put("name", "tiny").put("version", "7");
    ObjectNode input = fixture.model.putObject("input");
    input.putArray("shape").add(2);
    input.putArray("features").add("a").add("b");
    fixture.model.putObject("output").putArray("names").add("p").add("q");
    fixture.layers().addObject().put("type", "linear").put("weight", "w");
    return fixture.tensor("w", List.of(2, 2), pa, pb, qa, qb);
  }

  /** The same, described by a graph of one operator, with two probe rows. */
  public static BundleFixture graph(Path directory) {
    BundleFixture fixture = linear(directory);
    fixture.model.put("format", "attribution-bundle/2").remove("layers");
    ObjectNode graph = fixture.model.putObject("graph").put("input", "x").put("output", "y");
    ObjectNode node = graph.putArray("nodes").addObject();
    ArrayNode arguments = node.put("name", "y").put("op", "aten.linear.default").putArray("args");
    arguments.addObject().put("node", "x");
    arguments.addObject().put("tensor", "w");
    fixture.model.putObject("probe").put("inputs", "e").put("outputs", "z").put("jacobian", "j");
    return fixture
        .tensor("e", List.of(2, 2), 1, 0, 0, 1)
        .tensor("z", List.of(2, 2), 1, 3, 2, -1)
        .tensor("j", List.of(2, 2, 2), 1, 2, 3, -1, 1, 2, 3, -1);
  }

  /** model.json, to be changed. */
  public BundleFixture model(Consumer<ObjectNode> change) {
    change.accept(model);
    return this;
  }

  /** The header of tensors.safetensors, to be changed. */
  public BundleFixture header(Consumer<ObjectNode> change) {
    change.accept(header);
    return this;
  }

  private ArrayNode layers() {
    return model.withArray("layers");
  }

  /** The one layer, to be changed. */
  public BundleFixture layer(Consumer<ObjectNode> change) {
    change.accept((ObjectNode) layers().get(0));
    return this;
  }

  public BundleFixture tensor(String name, List<Integer> shape, float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    ObjectNode entry = header.putObject(name).put("dtype", "F32");
    shape.forEach(entry.putArray("shape")::add);
    entry.putArray("data_offsets").add(data.size()).add(data.size() + bytes.capacity());
    data.writeBytes(bytes.array());
    return this;
  }

  /** tensors.safetensors as it would be written. */
  public byte[] tensorFile() {
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(Long.BYTES + json.length + data.size()).order(ByteOrder.LITTLE_ENDIAN);
    return file.putLong(json.length).put(json).put(data.toByteArray()).array();
  }

  /** Writes the folder. */
  public Path write() {
    return file("model.json", model.toPrettyString().getBytes(StandardCharsets.UTF_8))
        .file("tensors.safetensors", tensorFile())
        .directory;
  }

  /** Writes one file of the folder, whatever it holds. */
  public BundleFixture file(String name, byte... content) {
    try {
      Files.createDirectories(directory);
      Files.write(directory.resolve(name), content);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
