package io.attribution.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StorageTest {

  @Test
  void deletesATemporaryFolderWithAllItHolds() throws Exception {
    Storage storage = new Storage.Temporary();
    Path directory = storage.open();
    Files.writeString(Files.createDirectory(directory.resolve("deep")).resolve("file"), "x");

    storage.release(directory);

    assertThat(directory).doesNotExist();
  }

  @Test
  void createsAndKeepsTheCallersFolder(@TempDir Path parent) throws Exception {
    Storage storage = new Storage.Kept(parent.resolve("a/b"));

    Path directory = storage.open();
    storage.release(directory);

    assertThat(directory).isEqualTo(parent.resolve("a/b")).isDirectory();
  }
}
