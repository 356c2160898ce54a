package io.attribution.stream.csv;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/**
 * A reader that fails when a row does not end: a device or a file of something else may have no end
 * of a line in any amount of memory.
 */
final class BoundedReader extends FilterReader {
  private long most;
  private long left;

  BoundedReader(Reader reader) {
    super(reader);
  }

  /** Allows so many characters from here on, those that are read ahead included. */
  void allow(long characters) {
    most = characters;
    left = characters;
  }

  @Override
  public int read() throws IOException {
    requireLeft();
    int c = super.read();
    left--;
    return c;
  }

  @Override
  public int read(char[] buffer, int offset, int length) throws IOException {
    requireLeft();
    int count = super.read(buffer, offset, length);
    left -= Math.max(0, count);
    return count;
  }

  private void requireLeft() throws IOException {
    if (left <= 0) {
      throw new IOException("a row of more than " + most + " characters; is it a CSV file?");
    }
  }
}
