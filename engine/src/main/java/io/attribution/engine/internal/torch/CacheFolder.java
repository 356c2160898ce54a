package io.attribution.engine.internal.torch;

import io.attribution.engine.library.LibTorchException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder that DJL unpacks libtorch into and loads it from. Whoever can write there, or replace
 * the folder, runs code in this process.
 */
final class CacheFolder {
  private static final int STICKY = 01000;
  private static final int GROUP_WRITE = 0020;
  private static final int OTHERS_WRITE = 0002;
  private static final int ROOT = 0;
  private static final String SETTINGS = "set DJL_CACHE_DIR";
  private static final String WANTED = SETTINGS + " to a folder that only this user can write";

  private CacheFolder() {}

  /**
   * The folder that DJL will take.
   *
   * @param variables ENGINE_CACHE_DIR and DJL_CACHE_DIR where they are set
   * @param home the user's; "?" where the system knows none
   * @throws LibTorchException when DJL would take the folder of all users' temporary files
   */
  static Path chosen(Map<String, String> variables, @Nullable String home) {
    Optional<String> named =
        Stream.of("ENGINE_CACHE_DIR", "DJL_CACHE_DIR")
            .map(name -> variables.getOrDefault(name, ""))
            .filter(value -> !value.isBlank())
            .findFirst();
    if (named.isPresent()) {
      return Path.of(named.get()).toAbsolutePath().normalize();
    }
    if (home == null || !Path.of(home).isAbsolute()) {
      throw new LibTorchException(
          "libtorch has no folder to be unpacked into: this user has no home folder; " + WANTED);
    }
    if (!Files.isWritable(Path.of(home))) {
      throw new LibTorchException(
          "libtorch has no folder to be unpacked into: the home folder "
              + home
              + " is not writable; "
              + WANTED);
    }
    return Path.of(home, ".djl.ai");
  }

  /**
   * Creates the folder where it is missing, for this user only.
   *
   * @throws LibTorchException when others can write to it or replace it, or it cannot be created
   */
  static void secure(Path folder) {
    if (!FileSystems.getDefault().supportedFileAttributeViews().contains("unix")) {
      return;
    }
    try {
      create(folder);
      Path real = folder.toRealPath();
      requireOwn(real);
      for (Path parent = real.getParent(); parent != null; parent = parent.getParent()) {
        requireKept(real, parent);
      }
    } catch (IOException e) {
      throw new LibTorchException(
          "libtorch cannot be unpacked into " + folder + ": " + e + "; " + WANTED, e);
    }
  }

  private static void create(Path folder) throws IOException {
    FileAttribute<?> private700 =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder, private700);
      }
    } catch (FileAlreadyExistsException e) {
      throw new LibTorchException(folder + " is no folder; " + WANTED, e);
    }
  }

  private static void requireOwn(Path folder) throws IOException {
    int owner = attribute(folder, "unix:uid");
    if (owner != ROOT && owner != attribute(Path.of("/proc/self"), "unix:uid")) {
      throw new LibTorchException(
          "libtorch is not unpacked into " + folder + ": it belongs to another user; " + WANTED);
    }
    if (isWritableByOthers(folder)) {
      throw new LibTorchException(
          "libtorch is not unpacked into "
              + folder
              + ": other users can write there; chmod go-w it, or "
              + WANTED);
    }
  }

  /** A sticky folder, such as /tmp, lets only the owner of an entry replace it. */
  private static void requireKept(Path folder, Path parent) throws IOException {
    boolean sticky = (attribute(parent, "unix:mode") & STICKY) != 0;
    if (!sticky && isWritableByOthers(parent)) {
      throw new LibTorchException(
          "libtorch is not unpacked into "
              + folder
              + ": other users can write to "
              + parent
              + " and replace it; chmod go-w it, or "
              + WANTED);
    }
  }

  private static boolean isWritableByOthers(Path folder) throws IOException {
    int mode = attribute(folder, "unix:mode");
    return (mode & OTHERS_WRITE) != 0 || ((mode & GROUP_WRITE) != 0 && !isPrivateGroup(folder));
  }

  /** Many systems give every user a group of its own, and let it write by default. */
  private static boolean isPrivateGroup(Path folder) throws IOException {
    return Files.getAttribute(folder, "posix:owner")
        .toString()
        .equals(Files.getAttribute(folder, "posix:group").toString());
  }

  private static int attribute(Path path, String name) throws IOException {
    return (Integer) Files.getAttribute(path, name);
  }
}
