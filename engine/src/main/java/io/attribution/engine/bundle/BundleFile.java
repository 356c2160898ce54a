package io.attribution.engine.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A file of a bundle: a regular one, of a size that is known before it is read. A device or a pipe
 * is never opened, because reading one need not end. Links are followed wherever they lead:
 * Kubernetes' volumes and model stores are made of them.
 *
 * @param size in bytes; not one more is read
 */
record BundleFile(Path path, long size) {
  /** A multiple of what a number takes. */
  private static final int PIECE_BYTES = 1 << 18;

  /**
   * A file of a bundle; nothing when there is none of this name.
   *
   * @param mostBytes the largest size that is read
   * @throws BundleException when there is something else of this name, an empty or a larger file
   */
  static Optional<BundleFile> find(Path directory, String name, long mostBytes) {
    Path path = directory.resolve(name);
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    BasicFileAttributes attributes = attributes(path);
    if (!attributes.isRegularFile()) {
      throw new BundleException(
          path + ": is " + kind(attributes) + ", but must be a file; replace it");
    }
    if (attributes.size() == 0) {
      throw new BundleException(path + ": is empty; export the bundle again");
    }
    if (attributes.size() > mostBytes) {
      throw new BundleException(
          String.format(
              "%s: has %,d bytes, more than the %,d that this version reads",
              path, attributes.size(), mostBytes));
    }
    return Optional.of(new BundleFile(path, attributes.size()));
  }

  private static BasicFileAttributes attributes(Path path) {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      throw new BundleException(path + ": is a link to a file that is not there", e);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private static String kind(BasicFileAttributes attributes) {
    return attributes.isDirectory() ? "a folder" : "a device, a pipe or a socket";
  }

  /** The whole content, {@link #size} bytes. */
  byte[] content() {
    try (InputStream stream = Files.newInputStream(path)) {
      byte[] content = stream.readNBytes(Math.toIntExact(size));
      if (content.length < size || stream.read() >= 0) {
        throw changed();
      }
      return content;
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** Opens it to read from any place; the caller closes it. */
  FileChannel open() {
    try {
      return FileChannel.open(path, StandardOpenOption.READ);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /**
   * Passes a part of the file on, piece by piece, each in the same little-endian buffer.
   *
   * @param channel from {@link #open}
   * @throws BundleException when the file ends before
   */
  void read(FileChannel channel, long from, long length, Consumer<ByteBuffer> pieces) {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(length, PIECE_BYTES));
    buffer.order(ByteOrder.LITTLE_ENDIAN);
    for (long at = from; at < from + length; at += buffer.limit()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), from + length - at));
      fill(channel, at, buffer);
      pieces.accept(buffer.flip());
    }
  }

  /**
   * A part of the file.
   *
   * @param channel from {@link #open}
   * @throws BundleException when the file ends before
   */
  byte[] bytes(FileChannel channel, long from, int length) {
    byte[] bytes = new byte[length];
    fill(channel, from, ByteBuffer.wrap(bytes));
    return bytes;
  }

  private void fill(FileChannel channel, long from, ByteBuffer buffer) {
    try {
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, from + buffer.position()) < 0) {
          throw changed();
        }
      }
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private BundleException changed() {
    return error("changed while it was read; put a finished bundle into a folder of its own");
  }

  BundleException error(String problem) {
    return new BundleException(path + ": " + problem);
  }

  private static BundleException unreadable(Path path, IOException e) {
    String reason = e instanceof AccessDeniedException ? "permission denied" : e.getMessage();
    return new BundleException(path + ": cannot be read (" + reason + ")", e);
  }
}
