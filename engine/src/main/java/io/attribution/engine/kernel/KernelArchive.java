package io.attribution.engine.kernel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The file format of TorchScript around a program's text: a zip archive with the code, an object of
 * the class {@code __torch__.Kernel} as Python's pickle, and no constants.
 *
 * <p>Source: torch/csrc/jit/docs/serialization.md of PyTorch 2.7.
 */
public final class KernelArchive {
  private static final String FOLDER = "kernel/";
  private static final String FORMAT_VERSION = "3\n";

  private KernelArchive() {}

  /**
   * The archive's bytes.
   *
   * @param text the code of a class named Kernel that has no attributes but {@code training}
   */
  public static byte[] of(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      store(zip, "data.pkl", object());
      store(zip, "code/__torch__.py", utf8(text));
      store(zip, "constants.pkl", emptyTuple());
      store(zip, "version", utf8(FORMAT_VERSION));
      store(zip, "byteorder", utf8("little"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(FOLDER + name);
    CRC32 checksum = new CRC32();
    checksum.update(content);
    entry.setSize(content.length);
    entry.setCompressedSize(content.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  /** An object whose only attribute is training = False: {@code Kernel()} and its state. */
  private static byte[] object() {
    byte[] attribute = utf8("training");
    byte[] type = utf8("__torch__\nKernel\n");
    ByteBuffer pickle = ByteBuffer.allocate(64).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    pickle.put(new byte[] {(byte) 0x80, 2, 'c'}).put(type).put(new byte[] {')', (byte) 0x81});
    pickle.put(new byte[] {'}', '(', 'X'}).putInt(attribute.length).put(attribute);
    pickle.put(new byte[] {(byte) 0x89, 'u', 'b', '.'});
    return java.util.Arrays.copyOf(pickle.array(), pickle.position());
  }

  private static byte[] emptyTuple() {
    return new byte[] {(byte) 0x80, 2, ')', '.'};
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
