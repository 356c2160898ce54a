package io.attribution.engine.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attribution.engine.internal.torchscript.TorchScriptFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each thing that can be wrong with a bundle is refused, with the file and the key. */
class BundleLoaderTest {
  @TempDir Path folder;
  private BundleFixture bundle;

  @BeforeEach
  void soundBundle() {
    bundle = BundleFixture.linear(folder);
  }

  @Test
  void readsASoundBundle() {
    ModelBundle read =
        BundleLoader.load(
            bundle
                .model(m -> preprocessing(m).put("mean", "m").put("scale", "s"))
                .tensor("m", List.of(2), 5, 6)
                .tensor("s", List.of(2), 0.5f, -2)
                .write());

    assertThat(read.label()).isEqualTo("tiny 7");
    assertThat(read.tolerance()).isEqualTo(1e-4);
    assertThat(read.features()).containsExactly("a", "b");
    assertThat(read.preprocessing().mean()).contains(Tensor.vector(5, 6));
    assertThat(read.preprocessing().scale()).contains(Tensor.vector(0.5f, -2));
    assertThat(read.layers().orElseThrow()).hasSize(1);
    assertThat(read.encoder()).isEmpty();
  }

  @Test
  void fingerprintChangesWithEveryFile() {
    String first = BundleLoader.load(bundle.write()).fingerprint();
    String other =
        BundleLoader.load(bundle.model(m -> m.put("name", "other")).write()).fingerprint();
    String withEncoder =
        BundleLoader.load(bundle.file("encoder.pt", TorchScriptFile.ofProgram("")).write())
            .fingerprint();

    assertThat(List.of(first, other, withEncoder)).doesNotHaveDuplicates();
    assertThat(BundleLoader.load(folder).fingerprint()).isEqualTo(withEncoder).hasSize(64);
  }

  @Test
  void ignoresDamageInTensorsThatNobodyNames() {
    bundle.header(h -> h.putObject("num_batches_tracked").put("dtype", "I64"));

    assertThat(BundleLoader.load(bundle.write()).name()).isEqualTo("tiny");
  }

  @Test
  void refusesAFolderThatIsNotThere() {
    Path nowhere = folder.resolve("nowhere");

    assertThatThrownBy(() -> BundleLoader.load(nowhere))
        .isInstanceOf(BundleException.class)
        .hasMessage(nowhere + ": no such folder; name a bundle folder");
  }

  @Test
  void refusesAFolderWithoutModelJson() {
    refuses(folder, "model.json: no such file; every bundle has one");
  }

  @Test
  void namesTheLineOfBrokenJson() throws IOException {
    Path written = bundle.write();
    Files.writeString(written.resolve("model.json"), "{\n  \"format\": \"x\",\n  \"name\" 3\n}");

    refuses(
        written,
        "model.json: line 3, column 10: is not valid JSON (Unexpected character ('3'",
        "correct it");
  }

  @Test
  void refusesTextAfterTheModel() throws IOException {
    Path written = bundle.write();
    Files.writeString(
        written.resolve("model.json"), Files.readString(written.resolve("model.json")) + "\n{}");

    refuses(written, "model.json: line 17, column 1: goes on after its JSON has ended");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /format                | "other/2"           | model.json: format: must be "attribution-bundle/1"
          /name                  | 7                   | model.json: name: must be a non-empty string, not 7
          /version               | ""                  | model.json: version: must be a non-empty string
          /tolerance             | 0                   | model.json: tolerance: must be a number between 0 and 1, not 0
          /tolerance             | "1e-4"              | model.json: tolerance: must be a number between 0 and 1
          /input/shape           | []                  | model.json: input.shape: must be a list with at least one entry
          /input/shape           | [0]                 | model.json: input.shape[0]: must be a positive integer, not 0
          /input/shape           | [-2]                | model.json: input.shape[0]: must be a positive integer, not -2
          /input/shape           | [null]              | model.json: input.shape[0]: must be a positive integer, not null
          /input/shape           | [2.5]               | model.json: input.shape[0]: must be a positive integer, not 2.5
          /input/shape           | [65536, 65536]      | model.json: input.shape: takes more numbers for one row than
          /input/features        | ["a", "a"]          | model.json: input.features[1]: 'a' appears twice
          /input/features        | ["a", 3]            | model.json: input.features[1]: must be a non-empty string, not 3
          /input/features        | ["a", "b", "c"]     | model.json: input: shape takes 2 numbers but there are 3 features
          /output/names          | ["p", "p"]          | model.json: output.names[1]: 'p' appears twice
          /output/names          | ["p"]               | model.json: layers: give [2] for one row, but output.names has 1
          /input                 | null                | model.json: input: is missing; add "input"
          /output                | {}                  | model.json: output.names: is missing; add "names"
          /layers                | []                  | model.json: layers: must be a list with at least one entry
          /layers                | [5]                 | model.json: layers[0]: must be an object, not NUMBER
          /layers                | null                | model.json: there is neither encoder.pt nor layers
          /layers/0/type         | "conv2d"            | model.json: layers[0].type: unknown layer 'conv2d'; known are flatten, linear
          /layers/0/weight       | "v"                 | model.json: layers[0].weight: tensor 'v' is not in tensors.safetensors, which has [w]
          /layers/0/weight       | null                | model.json: layers[0].weight: is missing; add "weight"
          /layers/0/bias         | "w"                 | model.json: layers[0].bias: tensor 'w' has shape [2, 2], expected [2]
          /preprocessing         | []                  | model.json: preprocessing: must be an object
          /preprocessing         | {"means": "w"}      | model.json: preprocessing: unknown key 'means'; known are [components, mean, scale]
          /preprocessing         | {"mean": "w"}       | model.json: preprocessing.mean: tensor 'w' has shape [2, 2], expected [2]
          /preprocessing         | {"mean": "m"}       | model.json: preprocessing.mean: tensor 'm' is not in tensors.safetensors
          /reference             | 3                   | model.json: reference: must be a non-empty string, not 3
          /reference             | "r"                 | model.json: reference: tensor 'r' is not in tensors.safetensors
          /reference             | "w"                 | model.json: reference: tensor 'w' has 2 rows, too few to compare with; export at least 50
          """)
  void refusesWhatModelJsonGetsWrong(String pointer, String value, String message)
      throws IOException {
    bundle.model(model -> Spoiling.put(model, pointer, value));

    refuses(bundle.write(), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"type": "flatten"}, {"type": "linear", "weight": "flat"}            | layers[1].weight: has shape [4], expected [out, 2]
          {"type": "leaky_relu"}                                               | layers[0].negativeSlope: is missing
          {"type": "leaky_relu", "negativeSlope": 1e300}                       | layers[0].negativeSlope: must be a finite float32 number, not 1.0E300
          {"type": "prelu", "weight": "flat"}                                  | layers[0].weight: has 4 slopes, expected 1 or one per channel, 2
          {"type": "layer_norm_detached", "scale": "flat"}                     | layers[0].scale: tensor 'flat' has shape [4], expected [2]
          {"type": "layer_norm_detached", "scale": "pair", "eps": -1}          | layers[0].eps: must be a number from 0 to 1, not -1
          {"type": "residual", "layers": [{"type": "relu"}, {"type": "tanh"}]} | layers[0].layers[1].type: unknown layer 'tanh'
          {"type": "residual", "layers": [{"type": "linear", "weight": "wide"}]} | layers[0].layers: turn [2] into [3]
          """)
  void refusesWhatLayersGetWrong(String layers, String message) throws IOException {
    bundle
        .tensor("flat", List.of(4), 1, 2, 3, 4)
        .tensor("pair", List.of(2), 1, 2)
        .tensor("wide", List.of(3, 2), 1, 2, 3, 4, 5, 6)
        .model(model -> Spoiling.put(model, "/layers", "[" + layers + "]"));

    refuses(bundle.write(), "model.json: " + message);
  }

  @Test
  void refusesAZeroScale() {
    bundle.model(m -> preprocessing(m).put("scale", "s")).tensor("s", List.of(2), 1, -0f);

    refuses(
        bundle.write(), "model.json: preprocessing.scale: entry 1 is 0 and would divide by zero");
  }

  @Test
  void readsTheReference() {
    float[] rows = rows(50);
    Path written =
        bundle.model(m -> m.put("reference", "r")).tensor("r", List.of(50, 2), rows).write();

    assertThat(BundleLoader.load(written).reference()).hasValue(new Tensor(List.of(50, 2), rows));
  }

  @Test
  void aBundleWithoutAReferenceHasNone() {
    assertThat(BundleLoader.load(bundle.write()).reference()).isEmpty();
  }

  /** Outputs name the bundle by its fingerprint: they say what they were compared with. */
  @Test
  void anotherReferenceIsAnotherBundle() {
    float[] rows = rows(50);
    bundle.model(m -> m.put("reference", "r"));
    String first =
        BundleLoader.load(bundle.tensor("r", List.of(50, 2), rows).write()).fingerprint();
    rows[0]++;

    Path other =
        BundleFixture.linear(folder)
            .model(m -> m.put("reference", "r"))
            .tensor("r", List.of(50, 2), rows)
            .write();

    assertThat(BundleLoader.load(other).fingerprint()).isNotEqualTo(first);
  }

  private static float[] rows(int count) {
    float[] rows = new float[2 * count];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i;
    }
    return rows;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          100    | has shape [100], expected [N, 2]: raw features
          50,3   | has shape [50, 3], expected [N, 2]: raw features
          50,2,1 | has shape [50, 2, 1], expected [N, 2]: raw features
          49,2   | has 49 rows, too few to compare with; export at least 50
          100001,2 | has 100001 rows of 2 features; export at most 100000
          """)
  void refusesAReferenceOfTheWrongShape(String shape, String message) {
    List<Integer> axes = Stream.of(shape.split(",")).map(Integer::valueOf).toList();
    int values = axes.stream().reduce(1, (a, b) -> a * b);
    bundle.model(m -> m.put("reference", "r")).tensor("r", axes, new float[values]);

    refuses(bundle.write(), "model.json: reference: tensor 'r' " + message);
  }

  @Test
  void namesTheRowOfAReferenceThatIsNotFinite() {
    float[] rows = rows(60);
    rows[2 * 41 + 1] = Float.NaN;
    bundle.model(m -> m.put("reference", "r")).tensor("r", List.of(60, 2), rows);

    refuses(bundle.write(), "model.json: reference: tensor 'r' holds NaN at [41, 1]");
  }

  @Test
  void refusesComponentsOfAnotherShape() {
    bundle
        .model(m -> preprocessing(m).put("components", "c"))
        .tensor("c", List.of(3, 2), 1, 2, 3, 4, 5, 6);

    refuses(
        bundle.write(),
        "model.json: preprocessing.components: tensor 'c' has shape [3, 2], expected [2, 2]");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void refusesWeightsThatAreNotFinite(float value) {
    BundleFixture spoilt = BundleFixture.linear(folder, 1, value, 3, 4);

    refuses(spoilt.write(), "model.json: layers[0].weight: tensor 'w' holds " + value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          dtype        | "F64"                    | has type 'F64'; export it as float32 (F32)
          dtype        | null                     | has type
          shape        | [-2, -2]                 | has the impossible shape [-2,-2]
          shape        | [2, 0]                   | has the impossible shape [2,0]
          shape        | ["2", 2]                 | has the impossible shape
          shape        | 4                        | has the impossible shape 4
          shape        | [4294967298, 2]          | has the impossible shape [4294967298,2]
          shape        | [65536, 65536, 4]        | has 16 bytes, which are not its shape [65536, 65536, 4]
          shape        | [2147483647, 2147483647] | has 16 bytes, which are not its shape
          shape        | [2, 1]                   | has 16 bytes, which are not its shape [2, 1]
          data_offsets | [0, 17]                  | is at bytes [0,17] of 16; the file may have been cut short
          data_offsets | [8, 4]                   | is at bytes [8,4] of 16
          data_offsets | [-4, 12]                 | is at bytes [-4,12] of 16
          data_offsets | [0.5, 16.5]              | is at bytes [0.5,16.5] of 16
          data_offsets | [0, 4294967312]          | is at bytes [0,4294967312] of 16
          data_offsets | {}                       | is at bytes {} of 16
          """)
  void refusesWhatTheTensorHeaderGetsWrong(String key, String value, String message)
      throws IOException {
    bundle.header(header -> Spoiling.put(header, "/w/" + key, value));

    refuses(
        bundle.write(),
        "model.json: layers[0].weight: tensor 'w' in tensors.safetensors " + message);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 8, 20})
  void refusesTensorsCutShortInTheHeader(int length) throws IOException {
    Path written = bundle.write();
    Files.write(written.resolve("tensors.safetensors"), Arrays.copyOf(bundle.tensorFile(), length));

    refuses(written, "tensors.safetensors: not a safetensors file, or cut short");
  }

  @Test
  void refusesTensorsCutShortInTheData() throws IOException {
    Path written = bundle.write();
    byte[] whole = bundle.tensorFile();
    Files.write(written.resolve("tensors.safetensors"), Arrays.copyOf(whole, whole.length - 3));

    refuses(written, "layers[0].weight: tensor 'w'", "the file may have been cut short");
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, Long.MIN_VALUE, -1, 1, Integer.MAX_VALUE + 100L})
  void refusesAnImpossibleHeaderLength(long length) throws IOException {
    Path written = bundle.write();
    byte[] file = bundle.tensorFile();
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
    Files.write(written.resolve("tensors.safetensors"), file);

    refuses(written, "tensors.safetensors: not a safetensors file, or cut short");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {{{{          | its header: line 1, column 2: is not valid JSON (Unexpected character
          [1, 2]        | its header is not a JSON object
          {"w":1,"w":2} | its header: line 1, column 11: is not valid JSON (Duplicate field 'w')
          """)
  void refusesAHeaderThatIsNoObject(String header, String message) throws IOException {
    Path written = bundle.write();
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(Long.BYTES + json.length).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(
        written.resolve("tensors.safetensors"), file.putLong(json.length).put(json).array());

    refuses(written, "tensors.safetensors: " + message);
  }

  private static void refuses(Path directory, String... parts) {
    assertThatExceptionOfType(BundleException.class)
        .isThrownBy(() -> BundleLoader.load(directory))
        .satisfies(
            e -> {
              assertThat(e.getMessage()).startsWith(directory.toString()).contains(parts);
              assertThat(e.getMessage().lines()).hasSize(1);
            });
  }

  private static ObjectNode preprocessing(ObjectNode model) {
    return model.withObject("/preprocessing");
  }
}
