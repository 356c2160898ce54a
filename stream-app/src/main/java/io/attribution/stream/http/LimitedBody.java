package io.attribution.stream.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Limits the length of a body, whatever its Content-Length says. */
final class LimitedBody extends FilterInputStream {
  private final long limit;
  private long read;

  LimitedBody(InputStream body, long limit) {
    super(body);
    this.limit = limit;
  }

  @Override
  public int read() throws IOException {
    int next = super.read();
    count(next < 0 ? 0 : 1);
    return next;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int count = super.read(into, offset, length);
    count(Math.max(0, count));
    return count;
  }

  private void count(int bytes) {
    read += bytes;
    if (read > limit) {
      throw HttpProblem.tooLarge(
          "the body is larger than " + limit + " bytes; send fewer rows at a time");
    }
  }
}
