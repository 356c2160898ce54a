package io.attribution.csv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** The columns of a file and the feature that each of them holds. */
final class CsvHeader {
  private static final int NOT_SEEN = -1;
  private static final int NAMES_IN_MESSAGE = 3;

  private final String[] columns;
  private final int[] features;

  private CsvHeader(String[] columns, int[] features) {
    this.columns = columns;
    this.features = features;
  }

  /**
   * @param features the names to find, each exactly once, in any order
   * @throws InputException when a feature is missing, or a column is unknown or doubled
   */
  static CsvHeader of(String file, CSVRecord record, List<String> features) {
    Map<String, Integer> indices = new HashMap<>();
    features.forEach(name -> indices.put(name, indices.size()));
    int[] featureOf = new int[record.size()];
    int[] columnOf = new int[features.size()];
    Arrays.fill(columnOf, NOT_SEEN);
    for (int column = 0; column < record.size(); column++) {
      Integer feature = indices.get(record.get(column));
      if (feature == null) {
        throw InputException.at(file, 1, unknown(record.get(column), column));
      }
      if (columnOf[feature] != NOT_SEEN) {
        throw InputException.at(file, 1, "column '" + record.get(column) + "' appears twice");
      }
      columnOf[feature] = column;
      featureOf[column] = feature;
    }
    requireAll(file, features, columnOf);
    return new CsvHeader(record.values(), featureOf);
  }

  private static String unknown(@Nullable String name, int column) {
    return name == null || name.isEmpty()
        ? "column " + (column + 1) + " has no name; name each column after a feature"
        : "column '" + name + "' is not a feature of the bundle; remove or rename it";
  }

  private static void requireAll(String file, List<String> features, int[] columnOf) {
    List<String> missing = new ArrayList<>();
    for (int feature = 0; feature < columnOf.length; feature++) {
      if (columnOf[feature] == NOT_SEEN) {
        missing.add("'" + features.get(feature) + "'");
      }
    }
    if (!missing.isEmpty()) {
      int named = Math.min(NAMES_IN_MESSAGE, missing.size());
      String more = missing.size() > named ? " and " + (missing.size() - named) + " more" : "";
      throw InputException.at(
          file,
          1,
          (missing.size() == 1 ? "feature column " : "feature columns ")
              + String.join(", ", missing.subList(0, named))
              + more
              + (missing.size() == 1 ? " is missing" : " are missing"));
    }
  }

  int size() {
    return columns.length;
  }

  /** The name of a column, counted from 0 in the file's order. */
  String name(int column) {
    return columns[column];
  }

  /** The index of the feature that a column holds. */
  int feature(int column) {
    return features[column];
  }
}
