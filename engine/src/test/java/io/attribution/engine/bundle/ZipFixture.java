package io.attribution.engine.bundle;

import io.attribution.engine.internal.torchscript.TorchScriptFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** A TorchScript archive of x ↦ x·wᵀ as in {@link BundleFixture#linear}, to be spoilt. */
final class ZipFixture {
  private static final String PROGRAM =
      """
      class Kernel(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def forward(self: __torch__.Kernel, x: Tensor) -> Tensor:
          return torch.matmul(x, torch.t(torch.tensor([[1., 2.], [3., -1.]])))
      """;

  private ZipFixture() {}

  static byte[] sound() {
    return TorchScriptFile.ofProgram(PROGRAM);
  }

  /** With one more entry, deflated; its name may be any. */
  static byte[] with(String name, byte[] content) {
    return with(Map.of(name, content), ZipEntry.DEFLATED);
  }

  static byte[] with(Map<String, byte[]> more, int method) {
    try {
      Map<String, byte[]> entries = new LinkedHashMap<>();
      ZipInputStream from = new ZipInputStream(new ByteArrayInputStream(sound()));
      for (ZipEntry entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
        entries.put(entry.getName(), from.readAllBytes());
      }
      entries.putAll(more);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
          boolean added = more.containsKey(entry.getKey());
          add(zip, entry.getKey(), entry.getValue(), added ? method : ZipEntry.STORED);
        }
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void add(ZipOutputStream zip, String name, byte[] content, int method)
      throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(method);
    if (method == ZipEntry.STORED) {
      entry.setSize(content.length);
      entry.setCrc(checksum.getValue());
    }
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  /** Little-endian, and positioned where the directory's record of an entry starts. */
  static ByteBuffer record(byte[] archive, String name) {
    return at(archive, new byte[] {'P', 'K', 1, 2}, name, 46);
  }

  /** The same for the header in front of the entry's bytes. */
  static ByteBuffer header(byte[] archive, String name) {
    return at(archive, new byte[] {'P', 'K', 3, 4}, name, 30);
  }

  /** The same for the record at the archive's end. */
  static ByteBuffer end(byte[] archive) {
    return ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN).position(archive.length - 22);
  }

  private static ByteBuffer at(byte[] archive, byte[] signature, String name, int before) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at <= archive.length - before - bytes.length; at++) {
      if (has(archive, at, signature) && has(archive, at + before, bytes)) {
        return ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN).position(at);
      }
    }
    throw new IllegalArgumentException(name);
  }

  private static boolean has(byte[] archive, int at, byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (archive[at + i] != bytes[i]) {
        return false;
      }
    }
    return true;
  }
}
