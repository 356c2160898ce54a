package io.attribution.engine.internal.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attribution.engine.library.LibTorchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisabledOnOs(OS.WINDOWS)
class CacheFolderTest {
  @TempDir Path directory;

  @Test
  void takesTheFolderThatIsSetAndElseTheHomes() {
    String home = directory.toString();
    assertThat(CacheFolder.chosen(Map.of("DJL_CACHE_DIR", "/d", "ENGINE_CACHE_DIR", "/e"), home))
        .isEqualTo(Path.of("/e"));
    assertThat(CacheFolder.chosen(Map.of("DJL_CACHE_DIR", "/d", "ENGINE_CACHE_DIR", ""), home))
        .isEqualTo(Path.of("/d"));
    assertThat(CacheFolder.chosen(Map.of(), home)).isEqualTo(directory.resolve(".djl.ai"));
  }

  /** DJL would take a folder named ?, or /tmp. */
  @ParameterizedTest
  @ValueSource(strings = {"?", "", "/no/such/home"})
  void asksForAFolderWhereThereIsNoHome(String home) {
    assertThatThrownBy(() -> CacheFolder.chosen(Map.of(), home))
        .isInstanceOf(LibTorchException.class)
        .hasMessageContaining("home folder")
        .hasMessageEndingWith("; set DJL_CACHE_DIR to a folder that only this user can write");
  }

  @Test
  void createsAMissingFolderForThisUserOnly() throws IOException {
    Path folder = directory.resolve("a/b");

    CacheFolder.secure(folder);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxrwxrwx", "rwxr-x-w-"})
  void refusesAFolderThatOthersCanWrite(String permissions) throws IOException {
    Path folder = Files.createDirectory(directory.resolve("open"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));

    assertThatThrownBy(() -> CacheFolder.secure(folder))
        .isInstanceOf(LibTorchException.class)
        .hasMessageContaining(folder + ": other users can write there")
        .hasMessageContaining("set DJL_CACHE_DIR");
  }

  @Test
  void refusesAFolderThatOthersCanReplace() throws IOException {
    Path open = Files.createDirectory(directory.resolve("open"));
    Path folder = Files.createDirectory(open.resolve("cache"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThatThrownBy(() -> CacheFolder.secure(folder))
        .isInstanceOf(LibTorchException.class)
        .hasMessageContaining("other users can write to " + open + " and replace it");
  }

  /** The link's name says nothing about who can write to its target. */
  @Test
  void looksAtWhatALinkLeadsTo() throws IOException {
    Path open = Files.createDirectory(directory.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), open);

    assertThatThrownBy(() -> CacheFolder.secure(link)).hasMessageContaining(open.toString());
  }

  @Test
  void saysThatAFileIsNoFolder() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));

    assertThatThrownBy(() -> CacheFolder.secure(file))
        .isInstanceOf(LibTorchException.class)
        .hasMessageStartingWith(file + " is no folder");
  }

  @Test
  void acceptsAFolderThatOthersMayRead() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("readable"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));

    assertThatCode(() -> CacheFolder.secure(folder)).doesNotThrowAnyException();
  }
}
