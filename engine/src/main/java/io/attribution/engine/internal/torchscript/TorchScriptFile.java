package io.attribution.engine.internal.torchscript;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript file: a zip archive of one folder with code, an object as Python's pickle,
 * constants and weights. Entries are stored, not deflated: libtorch reads them in place.
 *
 * <p>Source: torch/csrc/jit/docs/serialization.md of PyTorch 2.7.
 */
public final class TorchScriptFile implements Closeable {
  private static final String CODE = "code/";
  private static final String MODULES = CODE + "__torch__/";

  /** Maps code to lines of Python, by position in the code: wrong once the code has changed. */
  private static final String POSITIONS = ".debug_pkl";

  /** The newest that libtorch 2.7 reads: older ones change what some operators do. */
  private static final String FORMAT_VERSION = "10\n";

  private final ZipFile archive;
  private final List<? extends ZipEntry> entries;

  /** The folder that holds all entries, with its slash; its name is free. */
  private final String root;

  private TorchScriptFile(ZipFile archive) {
    this.archive = archive;
    this.entries = Collections.list(archive.entries());
    String first = entries.isEmpty() ? "" : entries.get(0).getName();
    this.root = first.substring(0, first.indexOf('/') + 1);
  }

  /**
   * @throws IOException when the file is no zip archive, or cannot be read
   */
  public static TorchScriptFile open(Path file) throws IOException {
    return new TorchScriptFile(new ZipFile(file.toFile()));
  }

  /** The size of all code, in bytes. */
  public long codeBytes() {
    return entries.stream().filter(this::isCode).mapToLong(ZipEntry::getSize).sum();
  }

  /** The text of every entry of code, by the entry's name, in the file's order; as long as said. */
  public Map<String, String> code() throws IOException {
    Map<String, String> code = new LinkedHashMap<>();
    for (ZipEntry entry : entries) {
      if (isCode(entry)) {
        try (InputStream content = archive.getInputStream(entry)) {
          byte[] text = content.readNBytes(Math.toIntExact(entry.getSize()));
          code.put(entry.getName(), new String(text, StandardCharsets.UTF_8));
        }
      }
    }
    return code;
  }

  private boolean isCode(ZipEntry entry) {
    return entry.getName().startsWith(root + CODE) && entry.getName().endsWith(".py");
  }

  /**
   * Writes a copy with other code and one more module; weights and constants stay as they are.
   *
   * @param replaced new code by the entry's name
   * @param module the name of the module, which its functions are called by: {@code
   *     __torch__.NAME.function}
   * @param moduleCode its functions
   */
  public void copy(Path to, Map<String, String> replaced, String module, String moduleCode)
      throws IOException {
    try (ZipOutputStream zip = stored(Files.newOutputStream(to))) {
      for (ZipEntry entry : entries) {
        String code = replaced.get(entry.getName());
        if (code != null) {
          store(zip, entry.getName(), utf8(code));
        } else if (!replaced.containsKey(codeOfPositions(entry.getName()))) {
          copy(entry, zip);
        }
      }
      store(zip, root + MODULES + module + ".py", utf8(moduleCode));
    }
  }

  private static String codeOfPositions(String name) {
    return name.endsWith(POSITIONS) ? name.substring(0, name.length() - POSITIONS.length()) : name;
  }

  private void copy(ZipEntry entry, ZipOutputStream zip) throws IOException {
    zip.putNextEntry(stored(entry.getName(), entry.getSize(), entry.getCrc()));
    try (InputStream content = archive.getInputStream(entry)) {
      content.transferTo(zip);
    }
    zip.closeEntry();
  }

  /**
   * The bytes of a file around a program: an object of the class {@code __torch__.Kernel}, and no
   * constants.
   *
   * @param text the code of a class named Kernel that has no attributes but {@code training}
   */
  public static byte[] ofProgram(String text) {
    return ofProgram(text, Map.of());
  }

  /**
   * A program that calls functions of other modules.
   *
   * @param text the code of a class named Kernel that has no attributes but {@code training}
   * @param modules the code of other modules by their names, whose functions it calls: {@code
   *     __torch__.NAME.function}
   */
  public static byte[] ofProgram(String text, Map<String, String> modules) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = stored(bytes)) {
      store(zip, "kernel/data.pkl", kernelObject());
      store(zip, "kernel/code/__torch__.py", utf8(text));
      for (Map.Entry<String, String> module : modules.entrySet()) {
        store(zip, "kernel/" + MODULES + module.getKey() + ".py", utf8(module.getValue()));
      }
      store(zip, "kernel/constants.pkl", emptyTuple());
      store(zip, "kernel/version", utf8(FORMAT_VERSION));
      store(zip, "kernel/byteorder", utf8("little"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** An object whose only attribute is training = False: {@code Kernel()} and its state. */
  private static byte[] kernelObject() {
    byte[] attribute = utf8("training");
    byte[] type = utf8("__torch__\nKernel\n");
    ByteBuffer pickle = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    pickle.put(new byte[] {(byte) 0x80, 2, 'c'}).put(type).put(new byte[] {')', (byte) 0x81});
    pickle.put(new byte[] {'}', '(', 'X'}).putInt(attribute.length).put(attribute);
    pickle.put(new byte[] {(byte) 0x89, 'u', 'b', '.'});
    return Arrays.copyOf(pickle.array(), pickle.position());
  }

  private static byte[] emptyTuple() {
    return new byte[] {(byte) 0x80, 2, ')', '.'};
  }

  private static ZipOutputStream stored(OutputStream to) {
    ZipOutputStream zip = new ZipOutputStream(to);
    zip.setMethod(ZipOutputStream.STORED);
    return zip;
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    zip.putNextEntry(stored(name, content.length, checksum.getValue()));
    zip.write(content);
    zip.closeEntry();
  }

  private static ZipEntry stored(String name, long size, long checksum) {
    ZipEntry entry = new ZipEntry(name);
    entry.setSize(size);
    entry.setCompressedSize(size);
    entry.setCrc(checksum);
    return entry;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    archive.close();
  }
}
