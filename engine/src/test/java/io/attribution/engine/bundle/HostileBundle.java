package io.attribution.engine.bundle;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;

/**
 * A bundle made to hurt: to take memory, time or a thread, to lie about sizes, to write on the
 * terminal. Each is a sound bundle but for one thing.
 *
 * @param name what is wrong with it
 * @param words what its refusal must say
 * @param spoil writes the folder
 */
public record HostileBundle(String name, String words, Consumer<Path> spoil) {
  private static final String MODEL = "model.json";
  private static final String TENSORS = "tensors.safetensors";
  private static final String ENCODER = "encoder.pt";
  private static final String CODE = "kernel/code/__torch__.py";
  private static final long SEED = 7;

  /** All of them. */
  public static List<HostileBundle> all() {
    List<HostileBundle> all = new ArrayList<>();
    files(all);
    json(all);
    names(all);
    layers(all);
    graphs(all);
    tensors(all);
    inflating(all);
    archives(all);
    return all;
  }

  public Path write(Path folder) {
    Path written = BundleFixture.linear(folder).file(ENCODER, ZipFixture.sound()).write();
    spoil.accept(written);
    return written;
  }

  @Override
  public String toString() {
    return name;
  }

  /** What is no file, or no end of one, in the place of each. */
  private static void files(List<HostileBundle> all) {
    for (String file : List.of(MODEL, TENSORS, ENCODER)) {
      all.add(
          new HostileBundle(
              file + " is a folder", "is a folder", at(file, Files::createDirectory)));
      all.add(new HostileBundle(file + " is a pipe", "a pipe", at(file, HostileBundle::pipe)));
      all.add(new HostileBundle(file + " is a device", "is a device", link(file, "/dev/zero")));
      all.add(new HostileBundle(file + " is a loop", "", link(file, file)));
      all.add(
          new HostileBundle(file + " is of /proc", "is empty", link(file, "/proc/self/status")));
      all.add(new HostileBundle(file + " leads nowhere", "not there", link(file, "nowhere")));
      all.add(new HostileBundle(file + " is empty", "is empty", bytes(file)));
      all.add(
          new HostileBundle(file + " has 20 GB of nothing", "more than", sparse(file, 20L << 30)));
    }
    all.add(
        new HostileBundle(
            "1.9 GB of nothing after tensors", "belong to no", sparse(TENSORS, 1900L << 20)));
    all.add(
        new HostileBundle(
            "1 GB of nothing after encoder", "not a TorchScript", sparse(ENCODER, 1L << 30)));
    all.add(new HostileBundle("noise for a model", "model.json", bytes(MODEL, noise(4096))));
    all.add(new HostileBundle("noise for tensors", TENSORS, bytes(TENSORS, noise(4096))));
    all.add(
        new HostileBundle(
            "noise for an encoder", "not a TorchScript file", bytes(ENCODER, noise(4096))));
  }

  private static void json(List<HostileBundle> all) {
    all.add(json("200,000 brackets", "100 levels", "[".repeat(200_000)));
    all.add(json("200,000 objects", "100 levels", "{\"a\":".repeat(200_000)));
    all.add(json("a list of 2,500,000", "2,000,000 values", "[" + "0,".repeat(2_500_000) + "0]"));
    all.add(
        json("3,000,000 empty objects", "2,000,000 values", "[" + "{},".repeat(3_000_000) + "0]"));
    all.add(json("17 MB of spaces", "more than the 16,777,216", " ".repeat(17 << 20)));
    all.add(json("cut short", "line 1, column", "{\"format\": \"attribution-bundle/1\", \"name\""));
    all.add(json("NUL characters", "line 1, column", "\0".repeat(1000)));
    all.add(json("a key twice", "Duplicate field", "{\"name\": 1, \"name\": 2}"));
    all.add(json("two documents", "goes on after", "{} {}"));
    all.add(
        json(
            "a number of 100,000 digits",
            "more than is read",
            "{\"tolerance\": 1" + "0".repeat(100_000) + "}"));
    all.add(json("a key of 1 MB", "more than is read", "{\"" + "k".repeat(1 << 20) + "\": 1}"));
    all.add(json("an escape in a wrong place", "line 1, column", "{\"name\": \033[31mred}"));
    all.add(
        new HostileBundle(
            "half a UTF-16", "model.json", bytes(MODEL, (byte) 0xFE, (byte) 0xFF, (byte) 0)));
    all.add(
        new HostileBundle(
            "no UTF-8",
            "line 1, column",
            bytes(MODEL, (byte) '"', (byte) 0xC3, (byte) 0x28, (byte) '"')));
    all.add(model("a shape beyond all", "positive integer", "/input/shape", "[1e999999999]"));
    all.add(model("a shape of 2^60", "more numbers", "/input/shape", "[1073741824, 1073741824]"));
    all.add(
        model(
            "a key that paints",
            "unknown key '\\u001b",
            "/preprocessing",
            "{\"\\u001b[31m" + "m".repeat(10_000) + "\": 1}"));
    all.add(
        model(
            "a value of 1 MB",
            "must be an object",
            "/preprocessing",
            "[\"" + "x".repeat(1 << 20) + "\"]"));
  }

  private static HostileBundle json(String name, String words, String text) {
    return new HostileBundle(name, words, bytes(MODEL, text.getBytes(StandardCharsets.UTF_8)));
  }

  private static HostileBundle model(String name, String words, String pointer, String json) {
    return fixture(
        name,
        words,
        bundle ->
            bundle.model(
                model -> {
                  model.withObject("/preprocessing");
                  Spoiling.put(model, pointer, json);
                }));
  }

  private static HostileBundle fixture(String name, String words, Consumer<BundleFixture> spoil) {
    return new HostileBundle(
        name,
        words,
        folder -> {
          BundleFixture bundle = BundleFixture.linear(folder);
          spoil.accept(bundle);
          bundle.write();
        });
  }

  private static void names(List<HostileBundle> all) {
    Map<String, String> characters = new LinkedHashMap<>();
    characters.put("a line feed", "a\\nERROR a line of its own");
    characters.put("an escape", "a\\u001b[31m");
    characters.put("a NUL", "a\\u0000");
    characters.put("a C1 control", "a\\u009b31m");
    characters.put("a line separator", "a\\u2028b");
    characters.put("a reversal", "a\\u202eb");
    characters.forEach(
        (what, name) ->
            all.add(
                model(
                    "a name with " + what,
                    "the control character U+",
                    "/name",
                    "\"" + name + "\"")));
    all.add(model("a version with a return", "U+000D", "/version", "\"1\\r2\""));
    all.add(
        model(
            "a feature with a tab",
            "input.features[1]: holds",
            "/input/features",
            "[\"a\", \"b\\t\"]"));
    all.add(
        model(
            "an output with a bell",
            "output.names[0]: holds",
            "/output/names",
            "[\"\\u0007\", \"q\"]"));
    String long1 = "\"" + "x".repeat(3_000_000) + "\"";
    all.add(model("a name of 3 MB", "name: has 3,000,000 characters", "/name", long1));
    all.add(
        model(
            "a feature of 3 MB",
            "has 3,000,000 characters",
            "/input/features",
            "[\"a\", " + long1 + "]"));
    all.add(model("a format of 3 MB", "has 3,000,000 characters", "/format", long1));
    all.add(
        model("a tensor's name of 3 MB", "has 3,000,000 characters", "/layers/0/weight", long1));
    all.add(
        model(
            "a layer of 1,000 letters",
            "unknown layer 'yyy",
            "/layers/0/type",
            "\"" + "y".repeat(1000) + "\""));
  }

  private static void layers(List<HostileBundle> all) {
    String relu = "{\"type\": \"relu\"}, ";
    String linear = "{\"type\": \"linear\", \"weight\": \"big\"}, ";
    all.add(
        model(
            "100,000 layers",
            "1000 that are read",
            "/layers",
            "[" + relu.repeat(100_000) + relu.replace(",", "") + "]"));
    all.add(
        fixture(
            "one weight in 900 layers",
            "used more than twice over",
            bundle ->
                bundle
                    .tensor("big", List.of(2, 2), 1, 0, 0, 1)
                    .tensor("wide", List.of(1024, 1024), new float[1 << 20])
                    .model(m -> Spoiling.put(m, "/layers", wide(900)))
                    .model(
                        m ->
                            Spoiling.put(
                                m,
                                "/input",
                                "{\"shape\": [1024], \"features\": " + numbered(1024) + "}"))
                    .model(m -> Spoiling.put(m, "/output/names", numbered(1024)))));
    all.add(model("residuals 60 deep", "levels", "/layers", nested(60)));
    all.add(
        model(
            "a residual of itself",
            "layers[0].layers",
            "/layers",
            "[{\"type\": \"residual\", \"layers\": []}]"));
    all.add(
        model(
            "a layer that is a number",
            "must be an object",
            "/layers",
            "[" + linear.length() + "]"));
  }

  /** Each in the place of a sound graph of one operator. */
  private static void graphs(List<HostileBundle> all) {
    String node =
        "{\"name\": \"n%d\", \"op\": \"aten.relu.default\", \"args\": [{\"node\": \"x\"}]}";
    StringBuilder many = new StringBuilder("[");
    for (int i = 0; i < 10_001; i++) {
      many.append(i == 0 ? "" : ",").append(String.format(node, i));
    }
    all.add(
        graph("a graph of 10,001 nodes", "graph.nodes: has 10,001 nodes", "/nodes", many + "]"));
    all.add(graph("a graph without nodes", "graph.nodes: must be a list", "/nodes", "[]"));
    all.add(graph("an output of nobody", "graph.output: names no node 'q'", "/output", "\"q\""));
    all.add(argument("itself", "names 'y', which is neither", "{\"node\": \"y\"}"));
    all.add(argument("a later node", "names 'later', which is neither", "{\"node\": \"later\"}"));
    all.add(argument("a missing tensor", "tensor 'q' is not in", "{\"tensor\": \"q\"}"));
    all.add(argument("two things", "must have one key", "{\"tensor\": \"w\", \"node\": \"x\"}"));
    all.add(argument("a device", "must have one key", "{\"device\": \"cuda\"}"));
    all.add(argument("a type of nobody", "a type of numbers", "{\"dtype\": \"quint4x2\"}"));
    all.add(argument("no number", "must be inf, -inf or nan", "{\"float\": \"1e9\"}"));
    all.add(argument("5 lists in each other", "longer or deeper list", "[[[[[1]]]]]"));
    all.add(argument("5,000 numbers", "longer or deeper list", "[" + "1,".repeat(5_000) + "1]"));
    all.add(argument("an integer of 65 bits", "64 bits", "36893488147419103232"));
    all.add(argument("a string that ends one", "must be a word", "\"a\\\");evil(\\\"\""));
    all.add(
        graph(
            "an operator's name that is code",
            "graph.nodes[0].op: must be aten.NAME",
            "/nodes",
            "[{\"name\": \"y\", \"op\": \"aten.x.y; import os\"}]"));
    all.add(
        graph(
            "two nodes of one name",
            "graph.nodes[1].name: 'y' appears twice",
            "/nodes",
            "["
                + node.formatted(1).replace("n1", "y")
                + ","
                + node.formatted(1).replace("n1", "y")
                + "]"));
    all.add(
        graph(
            "a keyword that is code",
            "names no argument",
            "/nodes",
            "[{\"name\": \"y\", \"op\": \"aten.relu.default\", \"kwargs\": {\"a)\": 1}}]"));
    all.add(
        new HostileBundle(
            "a graph beside an encoder",
            "has a graph and no encoder.pt",
            folder -> BundleFixture.graph(folder).file(ENCODER, ZipFixture.sound()).write()));
    all.add(
        new HostileBundle(
            "a graph in format 1",
            "graph: is not in a bundle of format attribution-bundle/1",
            folder -> sole(BundleFixture.graph(folder), "/format", "\"attribution-bundle/1\"")));
    all.add(
        new HostileBundle(
            "layers in format 2",
            "layers: is not in a bundle of format attribution-bundle/2",
            folder -> sole(BundleFixture.graph(folder), "/layers", "[{\"type\": \"relu\"}]")));
    all.add(graph("no probe", "probe: is missing", "", "null"));
    all.add(
        new HostileBundle(
            "probe rows of another width",
            "probe.inputs: has shape [4], expected [2 or more, 2]",
            folder ->
                sole(
                    BundleFixture.graph(folder).tensor("q", List.of(4), 1, 2, 3, 4),
                    "/probe/inputs",
                    "\"q\"")));
  }

  private static HostileBundle argument(String name, String words, String json) {
    return graph(
        "an argument that is " + name,
        words,
        "/nodes",
        "[{\"name\": \"y\", \"op\": \"aten.add.Tensor\", \"args\": [{\"node\": \"x\"}, "
            + json
            + "]}]");
  }

  private static HostileBundle graph(String name, String words, String pointer, String json) {
    String at = pointer.isEmpty() ? "/probe" : "/graph" + pointer;
    return new HostileBundle(name, words, folder -> sole(BundleFixture.graph(folder), at, json));
  }

  /** A bundle without the encoder.pt that the others have. */
  private static void sole(BundleFixture bundle, String pointer, String json) {
    Path folder = bundle.model(m -> Spoiling.put(m, pointer, json)).write();
    try {
      Files.deleteIfExists(folder.resolve(ENCODER));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String wide(int count) {
    String layer = "{\"type\": \"linear\", \"weight\": \"wide\"}";
    return "[" + (layer + ", ").repeat(count - 1) + layer + "]";
  }

  private static String numbered(int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add("\"n" + i + "\"");
    }
    return names.toString();
  }

  private static String nested(int depth) {
    String open = "[{\"type\": \"residual\", \"layers\": ";
    return open.repeat(depth) + "[{\"type\": \"relu\"}]" + "}]".repeat(depth);
  }

  private static void tensors(List<HostileBundle> all) {
    all.add(head("a head of 2^63", "not a safetensors file", Long.MAX_VALUE, "{}"));
    all.add(head("a head of -1", "not a safetensors file", -1, "{}"));
    all.add(head("a head of 5 MB", "more than the 4,194,304", 5 << 20, "{}" + " ".repeat(5 << 20)));
    all.add(head("100,000 levels in the head", "its header", "{\"a\":".repeat(100_000)));
    all.add(head("a head that is a list", "not a JSON object", "[1]"));
    all.add(head("a head with more after it", "goes on after", "{} []"));
    all.add(head("a head that paints", "its header: line 1", "{\"\033[31m\": \033}"));
    all.add(spoiltHead("a tensor of 2^60 bytes", "at bytes", "[0, 1152921504606846976]"));
    all.add(spoiltHead("a tensor that ends before it begins", "at bytes [16,0]", "[16, 0]"));
    all.add(spoiltHead("a tensor before the file", "at bytes", "[-16, 0]"));
    all.add(
        spoiltHead(
            "offsets that are a text of 1 MB", "at bytes", "\"" + "9".repeat(1 << 20) + "\""));
    all.add(
        fixture(
            "two tensors of the same bytes",
            "shares bytes",
            b ->
                b.tensor("v", List.of(2, 2), 1, 2, 3, 4)
                    .header(h -> Spoiling.put(h, "/v/data_offsets", "[0, 16]"))));
    all.add(
        fixture(
            "bytes of no tensor",
            "belong to no tensor",
            b -> b.tensor("v", List.of(4), 1, 2, 3, 4).header(h -> h.remove("v"))));
    all.add(
        fixture(
            "a shape of 100,000 axes",
            "impossible shape",
            b -> b.header(h -> Spoiling.put(h, "/w/shape", "[" + "1,".repeat(100_000) + "4]"))));
    all.add(
        fixture(
            "a tensor whose name paints",
            "which has [",
            b ->
                b.tensor("\033[31m", List.of(1), 1)
                    .model(m -> Spoiling.put(m, "/layers/0/weight", "\"missing\""))));
  }

  private static HostileBundle head(String name, String words, String json) {
    return head(name, words, json.getBytes(StandardCharsets.UTF_8).length, json);
  }

  private static HostileBundle head(String name, String words, long length, String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    byte[] file =
        ByteBuffer.allocate(Long.BYTES + bytes.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(length)
            .put(bytes)
            .array();
    return new HostileBundle(name, words, bytes(TENSORS, file));
  }

  private static HostileBundle spoiltHead(String name, String words, String offsets) {
    return fixture(name, words, b -> b.header(h -> Spoiling.put(h, "/w/data_offsets", offsets)));
  }

  /** A small file that wants to be a large one. */
  private static void inflating(List<HostileBundle> all) {
    byte[] large = new byte[(64 << 20) + 1];
    all.add(
        archive(
            "code inflates",
            "inflate to",
            () -> ZipFixture.with("kernel/code/__torch__/more.py", large)));
    all.add(
        archive("data inflates", "inflate to", () -> ZipFixture.with("kernel/data/999", large)));
    Map<String, byte[]> many = new LinkedHashMap<>();
    for (int i = 0; i < 100; i++) {
      many.put("kernel/data/" + i, new byte[1 << 20]);
    }
    all.add(
        archive(
            "a hundred entries inflate",
            "inflate to",
            () -> ZipFixture.with(many, ZipEntry.DEFLATED)));
    all.add(
        entry(
            "an entry says less than it is",
            "more than the size it says",
            large,
            (r, h) -> r.putInt(r.position() + 24, 10)));
    all.add(
        entry(
            "an entry says more than it is",
            "not inflate to the size",
            new byte[1000],
            (r, h) -> r.putInt(r.position() + 24, 60 << 20)));
    all.add(
        entry(
            "an entry of 4 GB",
            "claims more than",
            new byte[1000],
            (r, h) -> r.putInt(r.position() + 24, -1)));
    all.add(
        entry(
            "an entry of 3.9 GB",
            "claims more than",
            new byte[1000],
            (r, h) -> r.putInt(r.position() + 24, -2)));
    all.add(
        entry(
            "an entry that is no deflation",
            "cannot be inflated",
            noise(1000),
            (r, h) -> h.put(h.position() + 41, (byte) 0xFF)));
  }

  private static void archives(List<HostileBundle> all) {
    all.add(
        archive(
            "half an archive",
            "not a TorchScript file",
            () -> Arrays.copyOf(ZipFixture.sound(), 300)));
    all.add(archive("an archive of nothing", "it is empty", HostileBundle::emptyArchive));
    all.add(
        archive(
            "bytes before the archive",
            "directory is not where",
            () -> joined(new byte[100], ZipFixture.sound())));
    all.add(
        archive(
            "bytes after the archive",
            "not a TorchScript file",
            () -> joined(ZipFixture.sound(), new byte[100])));
    for (String name :
        List.of(
            "../../../../tmp/escaped",
            "/tmp/escaped",
            "kernel/../../escaped",
            "kernel\\..\\escaped",
            "other/code.py",
            "kernel/\033[31m")) {
      all.add(
          archive(
              "an entry named " + name.replace('\033', '^'),
              "one folder",
              () -> ZipFixture.with(Map.of(name, noise(10)), ZipEntry.STORED)));
    }
    all.add(
        entry(
            "an encrypted entry",
            "encrypted",
            noise(99),
            (r, h) -> r.putShort(r.position() + 8, (short) 1)));
    all.add(
        entry(
            "an entry packed by LZMA",
            "packed in a way",
            noise(99),
            (r, h) -> r.putShort(r.position() + 10, (short) 14)));
    all.add(entry("an entry elsewhere", "", noise(99), (r, h) -> r.putInt(r.position() + 42, 5)));
    all.add(
        entry(
            "an entry beyond the file",
            "",
            noise(99),
            (r, h) -> r.putInt(r.position() + 42, 1 << 30)));
    all.add(
        entry(
            "an entry on another's bytes",
            "",
            noise(99),
            (r, h) -> r.putInt(r.position() + 42, 0)));
    all.add(
        entry(
            "an entry longer than the file",
            "",
            noise(99),
            (r, h) -> r.putInt(r.position() + 20, 1 << 20)));
    all.add(
        entry(
            "an entry with two names",
            "not where the directory says",
            noise(99),
            (r, h) -> h.put(h.position() + 37, (byte) 'X')));
    all.add(
        entry(
            "an entry twice",
            "two entries 'kernel/version'",
            "kernel/versioN",
            (r, h) -> r.put(r.position() + 46 + 13, (byte) 'n')));
    all.add(
        sound(
            "a bit that fell over",
            "another checksum",
            a -> a[ZipFixture.header(a, CODE).position() + 30 + CODE.length() + 9] ^= 1));
    all.add(
        sound(
            "a stored entry of two sizes",
            "two sizes",
            a -> ZipFixture.record(a, CODE).putInt(ZipFixture.record(a, CODE).position() + 24, 9)));
    all.add(
        sound(
            "a directory of 65,000",
            "entries",
            a -> ZipFixture.end(a).putInt(ZipFixture.end(a).position() + 8, 0xFDE8FDE8)));
    all.add(
        sound(
            "a directory of one",
            "more than its entries",
            a -> ZipFixture.end(a).putInt(ZipFixture.end(a).position() + 8, 0x00010001)));
    all.add(
        sound(
            "a directory at 4 GB",
            "directory is not where",
            a -> ZipFixture.end(a).putInt(ZipFixture.end(a).position() + 16, -1)));
    all.add(
        sound(
            "an archive on two disks",
            "directory is not where",
            a -> ZipFixture.end(a).putShort(ZipFixture.end(a).position() + 4, (short) 1)));
    all.add(
        archive(
            "two directories that differ",
            "two directory records differ",
            () -> with64(ZipFixture.sound(), 3)));
    all.add(
        archive(
            "a directory of 2^62 entries",
            "two directory records differ",
            () -> with64(ZipFixture.sound(), 1L << 62)));
  }

  private static HostileBundle entry(
      String name, String words, byte[] content, BiConsumer<ByteBuffer, ByteBuffer> spoil) {
    return archive(
        name,
        words,
        () -> {
          byte[] archive = ZipFixture.with("kernel/more", content);
          spoil.accept(
              ZipFixture.record(archive, "kernel/more"), ZipFixture.header(archive, "kernel/more"));
          return archive;
        });
  }

  private static HostileBundle entry(
      String name, String words, String entry, BiConsumer<ByteBuffer, ByteBuffer> spoil) {
    return archive(
        name,
        words,
        () -> {
          byte[] archive = ZipFixture.with(entry, noise(9));
          spoil.accept(ZipFixture.record(archive, entry), ZipFixture.header(archive, entry));
          return archive;
        });
  }

  private static HostileBundle sound(String name, String words, Consumer<byte[]> spoil) {
    return archive(
        name,
        words,
        () -> {
          byte[] archive = ZipFixture.sound();
          spoil.accept(archive);
          return archive;
        });
  }

  private static HostileBundle archive(
      String name, String words, java.util.function.Supplier<byte[]> bytes) {
    return new HostileBundle(name, words, folder -> bytes(ENCODER, bytes.get()).accept(folder));
  }

  private static byte[] emptyArchive() {
    return ByteBuffer.allocate(22).order(ByteOrder.LITTLE_ENDIAN).putInt(0x06054b50).array();
  }

  /** With a second directory record as large archives have it, which says another count. */
  private static byte[] with64(byte[] archive, long entries) {
    ByteBuffer end = ZipFixture.end(archive);
    int at = end.position();
    ByteBuffer more = ByteBuffer.allocate(archive.length + 76).order(ByteOrder.LITTLE_ENDIAN);
    more.put(archive, 0, at)
        .putInt(0x06064b50)
        .putLong(44)
        .putShort((short) 45)
        .putShort((short) 45);
    more.putInt(0).putInt(0).putLong(entries).putLong(entries);
    more.putLong(end.getInt(at + 12)).putLong(end.getInt(at + 16));
    more.putInt(0x07064b50).putInt(0).putLong(at).putInt(1);
    return more.put(archive, at, 22).array();
  }

  private static byte[] joined(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  private static byte[] noise(int count) {
    byte[] noise = new byte[count];
    new Random(SEED).nextBytes(noise);
    return noise;
  }

  /** Puts something of its name in the place of a file. */
  private static Consumer<Path> at(String file, Making making) {
    return folder -> {
      try {
        Path path = folder.resolve(file);
        Files.delete(path);
        making.make(path);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  private interface Making {
    void make(Path path) throws IOException;
  }

  private static Consumer<Path> bytes(String file, byte... content) {
    return at(file, path -> Files.write(path, content));
  }

  private static Consumer<Path> link(String file, String target) {
    return at(file, path -> Files.createSymbolicLink(path, Path.of(target)));
  }

  /** Lengthens a file without taking room on the disk. */
  private static Consumer<Path> sparse(String file, long length) {
    return folder -> {
      try (RandomAccessFile longer = new RandomAccessFile(folder.resolve(file).toFile(), "rw")) {
        longer.setLength(length);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  private static void pipe(Path path) throws IOException {
    try {
      new ProcessBuilder("mkfifo", path.toString()).start().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
