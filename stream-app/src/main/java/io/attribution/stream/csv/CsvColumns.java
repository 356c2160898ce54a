package io.attribution.stream.csv;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which columns of a file hold features, and which are also read as text. */
public final class CsvColumns {
  private final @Nullable List<String> features;
  private final List<String> texts;

  private CsvColumns(@Nullable List<String> features, List<String> texts) {
    this.features = features;
    this.texts = texts;
  }

  /** Exactly these features, in this order. */
  public static CsvColumns of(List<String> features) {
    return new CsvColumns(List.copyOf(features), List.of());
  }

  /** Every column that is not read as text is a feature, in the file's order. */
  public static CsvColumns inFileOrder() {
    return new CsvColumns(null, List.of());
  }

  /** Reads this column as text as well. */
  public CsvColumns withText(String column) {
    List<String> more = new ArrayList<>(texts);
    if (!more.contains(column)) {
      more.add(column);
    }
    return new CsvColumns(features, List.copyOf(more));
  }

  /** The names of the features; absent when the file's header decides. */
  Optional<List<String>> features() {
    return Optional.ofNullable(features);
  }

  List<String> texts() {
    return texts;
  }
}
