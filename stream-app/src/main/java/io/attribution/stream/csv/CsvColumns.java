package io.attribution.stream.csv;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which columns of a file hold features, and which others are wanted as text. */
public final class CsvColumns {
  private final @Nullable List<String> features;
  private final List<String> texts;

  private CsvColumns(@Nullable List<String> features, List<String> texts) {
    this.features = features;
    this.texts = texts;
  }

  /** These features, in this order, and no other column. */
  public static CsvColumns of(List<String> features) {
    return new CsvColumns(List.copyOf(features), List.of());
  }

  /** Every column that is not wanted as text is a feature, in the file's order. */
  public static CsvColumns inFileOrder() {
    return new CsvColumns(null, List.of());
  }

  /** Also the cells of this column, as they stand in the file. */
  public CsvColumns withText(String column) {
    List<String> more = new ArrayList<>(texts);
    if (!more.contains(column)) {
      more.add(column);
    }
    return new CsvColumns(features, List.copyOf(more));
  }

  /** The features by name; absent when the file decides. */
  Optional<List<String>> features() {
    return Optional.ofNullable(features);
  }

  List<String> texts() {
    return texts;
  }
}
