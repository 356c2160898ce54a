package io.attribution.stream.pending;

import io.attribution.engine.attribution.Rejected;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.common.header.Header;

/**
 * The largest record that can be stored and sent again. The input topic limits compressed batches,
 * in which a record may be a hundred times as large, and no limit covers header names. Discovered
 * at a commit, such a record would stop the application at every start.
 *
 * @param bytes the largest size of a record ({@link InputRecord#bytes})
 */
public record InputLimit(long bytes) {

  /** Why a record must be refused; empty when it fits. */
  public Optional<Rejected> refusal(InputRecord record) {
    if (record.bytes() > bytes) {
      return refused(
          "key, value and headers take %,d bytes uncompressed, the most is %,d",
          record.bytes(), bytes);
    }
    for (Header header : record.headers()) {
      long name = ModifiedUtf8.bytes(header.key());
      if (name > ModifiedUtf8.MAX_BYTES) {
        return refused(
            "the name of a header takes %,d bytes, the most is %,d", name, ModifiedUtf8.MAX_BYTES);
      }
    }
    return Optional.empty();
  }

  private static Optional<Rejected> refused(String detail, long taken, long most) {
    String line = String.format(Locale.ROOT, detail, taken, most);
    return Optional.of(new Rejected(Rejected.Reason.TOO_LARGE, line));
  }
}
