package io.attribution.stream.csv;

import io.attribution.engine.bundle.Printable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** The columns of a file and their contents: a feature, text, or both. */
final class CsvHeader {
  private static final int NO_FEATURE = -1;
  private static final int NAMES_IN_MESSAGE = 3;

  private final List<String> columns;
  private final int[] features;
  private final int featureCount;

  private CsvHeader(List<String> columns, int[] features, int featureCount) {
    this.columns = columns;
    this.features = features;
    this.featureCount = featureCount;
  }

  /**
   * @throws InputException when a column is missing, unknown or appears twice
   */
  static CsvHeader of(String file, CSVRecord record, CsvColumns wanted) {
    List<String> columns = Arrays.asList(record.values());
    requireNamedOnce(file, columns);
    requireAll(file, "column", wanted.texts(), columns);
    List<String> features = wanted.features().orElseGet(() -> without(wanted.texts(), columns));
    Map<String, Integer> indices = new HashMap<>();
    features.forEach(name -> indices.put(name, indices.size()));
    int[] featureOf = new int[columns.size()];
    for (int column = 0; column < featureOf.length; column++) {
      String name = columns.get(column);
      featureOf[column] = indices.getOrDefault(name, NO_FEATURE);
      if (featureOf[column] == NO_FEATURE && !wanted.texts().contains(name)) {
        throw InputException.at(
            file,
            1,
            "column '"
                + Printable.excerpt(name)
                + "' is not a feature of the bundle; remove or rename it");
      }
    }
    requireAll(file, "feature column", features, columns);
    return new CsvHeader(columns, featureOf, features.size());
  }

  private static List<String> without(List<String> texts, List<String> columns) {
    return columns.stream().filter(name -> !texts.contains(name)).toList();
  }

  private static void requireNamedOnce(String file, List<@Nullable String> columns) {
    Set<String> seen = new HashSet<>();
    for (int column = 0; column < columns.size(); column++) {
      String name = columns.get(column);
      if (name == null || name.isEmpty()) {
        throw InputException.at(
            file, 1, "column " + (column + 1) + " has no name; name each column after a feature");
      }
      if (!seen.add(name)) {
        throw InputException.at(file, 1, "column '" + Printable.excerpt(name) + "' appears twice");
      }
    }
  }

  private static void requireAll(
      String file, String kind, List<String> names, List<String> columns) {
    Set<String> present = new HashSet<>(columns);
    List<String> missing = new ArrayList<>();
    names.stream().filter(name -> !present.contains(name)).forEach(missing::add);
    if (!missing.isEmpty()) {
      throw InputException.at(file, 1, missing(kind, missing));
    }
  }

  private static String missing(String kind, List<String> names) {
    int named = Math.min(NAMES_IN_MESSAGE, names.size());
    List<String> first = names.stream().limit(named).map(Printable::excerpt).toList();
    String quoted = "'" + String.join("', '", first) + "'";
    String more = names.size() > named ? " and " + (names.size() - named) + " more" : "";
    return names.size() == 1
        ? kind + " " + quoted + " is missing"
        : kind + "s " + quoted + more + " are missing";
  }

  int size() {
    return columns.size();
  }

  /** D, the number of features. */
  int featureCount() {
    return featureCount;
  }

  /** The name of a column for messages, counted from 0 in the file's order. */
  String name(int column) {
    return Printable.excerpt(columns.get(column));
  }

  boolean isFeature(int column) {
    return features[column] != NO_FEATURE;
  }

  /** The index of a column's feature. */
  int feature(int column) {
    return features[column];
  }

  /** The column with a name, which must be in the header. */
  int column(String name) {
    return columns.indexOf(name);
  }
}
