package io.attribution.engine.bundle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The zip archive of a TorchScript file, checked before libtorch sees it: libtorch believes what
 * the directory says, inflates as much, and compares no checksum. Refused is every archive that two
 * readers could understand in two ways. What an archive inflates to is bounded; what it stores is
 * bounded by the file, because no two entries share a byte. What the code then does is not checked:
 * TorchScript is a program.
 *
 * <p>Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 and 4.4.
 */
final class TorchScriptArchive {
  /** PyTorch deflates code and leaves weights stored; code is some kilobytes. */
  private static final long MOST_INFLATED_BYTES = 64L << 20;

  private static final long MOST_DIRECTORY_BYTES = 16L << 20;

  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int CENTRAL_SIGNATURE = 0x02014b50;
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END64_SIGNATURE = 0x06064b50;
  private static final int LOCATOR_SIGNATURE = 0x07064b50;
  private static final int LOCAL_BYTES = 30;
  private static final int CENTRAL_BYTES = 46;
  private static final int END_BYTES = 22;
  private static final int END64_BYTES = 56;
  private static final int LOCATOR_BYTES = 20;
  private static final int EXTRA64 = 1;
  private static final long IN_EXTRA64 = 0xFFFFFFFFL;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;

  private final BundleFile file;
  private final FileChannel channel;
  private long inflated;

  /** Where the directory is, and what it has. */
  private record Directory(long offset, long bytes, long entries) {}

  private record Entry(
      String name, int method, long checksum, long compressed, long size, long header) {
    boolean isStored() {
      return method == STORED;
    }
  }

  private TorchScriptArchive(BundleFile file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * @throws BundleException when it is no zip archive that libtorch could be given; says why
   */
  static void check(BundleFile file) {
    try (FileChannel channel = file.open()) {
      new TorchScriptArchive(file, channel).check();
    } catch (IOException e) {
      throw file.error("cannot be closed (" + e.getMessage() + ")");
    }
  }

  private void check() {
    Directory directory = directory();
    List<Entry> entries = entries(directory);
    requireOneFolder(entries);
    requireBounds(entries);
    long free = 0;
    for (Entry entry : entries) {
      free = data(entry, free, directory.offset());
    }
  }

  private Directory directory() {
    if (file.size() < END_BYTES) {
      throw noArchive();
    }
    long at = file.size() - END_BYTES;
    ByteBuffer end = bytes(at, END_BYTES);
    if (end.getInt(0) != END_SIGNATURE || end.getShort(20) != 0) {
      throw noArchive();
    }
    Directory directory =
        new Directory(unsigned(end.getInt(16)), unsigned(end.getInt(12)), end.getChar(10));
    long after = at;
    if (at >= LOCATOR_BYTES + END64_BYTES
        && bytes(at - LOCATOR_BYTES, LOCATOR_BYTES).getInt(0) == LOCATOR_SIGNATURE) {
      after = at - LOCATOR_BYTES - END64_BYTES;
      directory = directory64(after, directory);
    }
    boolean fits =
        end.getInt(4) == 0
            && end.getChar(8) == end.getChar(10)
            && directory.bytes() <= after
            && directory.offset() == after - directory.bytes();
    if (!fits) {
      throw damaged("its directory is not where it says");
    }
    if (directory.bytes() > MOST_DIRECTORY_BYTES
        || directory.entries() * CENTRAL_BYTES > directory.bytes()) {
      throw damaged(
          "its directory has "
              + directory.entries()
              + " entries in "
              + directory.bytes()
              + " bytes, of which at most "
              + MOST_DIRECTORY_BYTES
              + " are read");
    }
    return directory;
  }

  /** Readers disagree on which of two directories counts: they must be the same. */
  private Directory directory64(long at, Directory small) {
    ByteBuffer end = bytes(at, END64_BYTES + LOCATOR_BYTES);
    Directory large = new Directory(end.getLong(48), end.getLong(40), end.getLong(32));
    boolean fits =
        end.getInt(0) == END64_SIGNATURE
            && end.getLong(4) == END64_BYTES - 12
            && end.getLong(24) == end.getLong(32)
            && end.getLong(END64_BYTES + 8) == at
            && large.offset() >= 0
            && large.bytes() >= 0
            && large.entries() >= 0
            && large.entries() <= MOST_DIRECTORY_BYTES
            && agrees(small.offset(), large.offset(), IN_EXTRA64)
            && agrees(small.bytes(), large.bytes(), IN_EXTRA64)
            && agrees(small.entries(), large.entries(), Character.MAX_VALUE);
    if (!fits) {
      throw damaged("its two directory records differ");
    }
    return large;
  }

  private static boolean agrees(long small, long large, long unknown) {
    return small == large || small == unknown;
  }

  private List<Entry> entries(Directory directory) {
    ByteBuffer bytes = bytes(directory.offset(), (int) directory.bytes());
    List<Entry> entries = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (long i = 0; i < directory.entries(); i++) {
      Entry entry = entry(bytes);
      if (!names.add(entry.name())) {
        throw damaged("it has two entries '" + Printable.excerpt(entry.name()) + "'");
      }
      entries.add(entry);
    }
    if (bytes.hasRemaining()) {
      throw damaged("its directory has more than its entries");
    }
    entries.sort(Comparator.comparingLong(Entry::header));
    return entries;
  }

  /** The entry at the buffer's position, which moves behind it. */
  private Entry entry(ByteBuffer bytes) {
    int at = bytes.position();
    if (bytes.remaining() < CENTRAL_BYTES || bytes.getInt(at) != CENTRAL_SIGNATURE) {
      throw damaged("its directory is cut short");
    }
    int nameBytes = bytes.getChar(at + 28);
    int extraBytes = bytes.getChar(at + 30);
    long end = (long) at + CENTRAL_BYTES + nameBytes + extraBytes + bytes.getChar(at + 32);
    if (end > bytes.limit()) {
      throw damaged("its directory is cut short");
    }
    String name =
        StandardCharsets.UTF_8.decode(bytes.slice(at + CENTRAL_BYTES, nameBytes)).toString();
    ByteBuffer wide = wide(bytes, at + CENTRAL_BYTES + nameBytes, extraBytes);
    long size = wide(bytes.getInt(at + 24), wide, name);
    long compressed = wide(bytes.getInt(at + 20), wide, name);
    long header = wide(bytes.getInt(at + 42), wide, name);
    requireReadable(name, bytes.getChar(at + 8), bytes.getChar(at + 10), bytes.getChar(at + 34));
    bytes.position((int) end);
    return new Entry(
        name, bytes.getChar(at + 10), unsigned(bytes.getInt(at + 16)), compressed, size, header);
  }

  /** The extra field with what takes 64 bits; empty when there is none. */
  private static ByteBuffer wide(ByteBuffer bytes, int from, int length) {
    int at = from;
    while (at + 4 <= from + length) {
      int size = Math.min(bytes.getChar(at + 2), from + length - at - 4);
      if (bytes.getChar(at) == EXTRA64) {
        return bytes.slice(at + 4, size).order(ByteOrder.LITTLE_ENDIAN);
      }
      at += 4 + size;
    }
    return ByteBuffer.allocate(0);
  }

  private long wide(int narrow, ByteBuffer wide, String name) {
    long value = unsigned(narrow);
    if (value == IN_EXTRA64) {
      value = wide.remaining() < Long.BYTES ? -1 : wide.getLong();
    }
    if (value < 0 || value > file.size() + MOST_INFLATED_BYTES) {
      throw damaged(quoted(name) + " claims more than the file has and may inflate to");
    }
    return value;
  }

  private void requireReadable(String name, int flags, int method, int disk) {
    if ((flags & 1) != 0 || disk != 0 || (method != STORED && method != DEFLATED)) {
      throw damaged(quoted(name) + " is encrypted, or packed in a way that libtorch cannot read");
    }
  }

  /** Names are paths of one folder; nothing is ever written under them. */
  private void requireOneFolder(List<Entry> entries) {
    String root = "";
    for (Entry entry : entries) {
      String name = entry.name();
      root = root.isEmpty() ? name.substring(0, name.indexOf('/') + 1) : root;
      boolean plain =
          root.length() > 1
              && name.startsWith(root)
              && name.indexOf('\\') < 0
              && Printable.firstUnprintable(name).isEmpty()
              && !List.of(name.split("/", -1)).contains("..");
      if (!plain) {
        throw damaged(quoted(name) + " is not in the archive's one folder '" + root + "'");
      }
    }
    if (entries.isEmpty()) {
      throw damaged("it is empty");
    }
  }

  private void requireBounds(List<Entry> entries) {
    for (Entry entry : entries) {
      if (entry.isStored() && entry.size() != entry.compressed()) {
        throw damaged(quoted(entry.name()) + " is stored, but has two sizes");
      }
      inflated += entry.isStored() ? 0 : entry.size();
    }
    if (inflated > MOST_INFLATED_BYTES) {
      throw damaged(
          String.format(
              "its entries inflate to %,d bytes, more than the %,d that are read",
              inflated, MOST_INFLATED_BYTES));
    }
  }

  /**
   * Checks an entry's bytes.
   *
   * @param free the first byte that no entry before has
   * @param end the first byte after all entries
   * @return the first byte behind this entry
   */
  private long data(Entry entry, long free, long end) {
    if (entry.header() < free || entry.header() > end - LOCAL_BYTES) {
      throw damaged(quoted(entry.name()) + " shares bytes with another");
    }
    ByteBuffer local = bytes(entry.header(), LOCAL_BYTES);
    int nameBytes = local.getChar(26);
    long start = entry.header() + LOCAL_BYTES + nameBytes + local.getChar(28);
    if (local.getInt(0) != LOCAL_SIGNATURE
        || local.getChar(8) != entry.method()
        || start > end - entry.compressed()
        || !name(entry.header() + LOCAL_BYTES, nameBytes).equals(entry.name())) {
      throw damaged(quoted(entry.name()) + " is not where the directory says");
    }
    if (checksum(entry, start) != entry.checksum()) {
      throw damaged(quoted(entry.name()) + " has another checksum than the directory says");
    }
    return start + entry.compressed();
  }

  private String name(long at, int length) {
    return StandardCharsets.UTF_8.decode(bytes(at, length)).toString();
  }

  private long checksum(Entry entry, long start) {
    CRC32 checksum = new CRC32();
    if (entry.isStored()) {
      file.read(channel, start, entry.compressed(), checksum::update);
    } else {
      inflate(entry, start, checksum);
    }
    return checksum.getValue();
  }

  private void inflate(Entry entry, long start, CRC32 checksum) {
    Inflater inflater = new Inflater(true);
    try {
      byte[] buffer = new byte[1 << 16];
      file.read(channel, start, entry.compressed(), inflating(entry, inflater, buffer, checksum));
      if (!inflater.finished()
          || inflater.getBytesWritten() != entry.size()
          || inflater.getBytesRead() != entry.compressed()) {
        throw damaged(quoted(entry.name()) + " does not inflate to the size it says");
      }
    } finally {
      inflater.end();
    }
  }

  private Consumer<ByteBuffer> inflating(
      Entry entry, Inflater inflater, byte[] buffer, CRC32 checksum) {
    return piece -> {
      inflater.setInput(piece);
      try {
        for (int n = inflater.inflate(buffer); n > 0; n = inflater.inflate(buffer)) {
          checksum.update(buffer, 0, n);
          if (inflater.getBytesWritten() > entry.size()) {
            throw damaged(quoted(entry.name()) + " inflates to more than the size it says");
          }
        }
      } catch (DataFormatException e) {
        throw damaged(quoted(entry.name()) + " cannot be inflated (" + e.getMessage() + ")");
      }
    };
  }

  private ByteBuffer bytes(long from, int length) {
    return ByteBuffer.wrap(file.bytes(channel, from, length)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static long unsigned(int value) {
    return Integer.toUnsignedLong(value);
  }

  private static String quoted(String name) {
    return "entry '" + Printable.excerpt(name) + "'";
  }

  private BundleException noArchive() {
    return file.error(
        "not a TorchScript file, or cut short (it does not end as a zip archive does)");
  }

  private BundleException damaged(String problem) {
    return file.error("not a TorchScript file that can be read: " + problem + "; export it again");
  }
}
