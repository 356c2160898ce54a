package io.attribution.stream.produce;

import io.attribution.stream.csv.CsvColumns;
import io.attribution.stream.csv.FeatureCsv;
import io.attribution.stream.csv.InputException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A CSV file of feature rows, and what its columns mean.
 *
 * @param file - is standard input
 * @param features the columns that are features, in the record's order; absent for all columns but
 *     the two below, in the file's order
 * @param keyColumn the column with the message's key; absent for the row's number from 0
 * @param idColumn the column with the recordId; absent for the key
 */
public record CsvSource(
    Path file,
    Optional<List<String>> features,
    Optional<String> keyColumn,
    Optional<String> idColumn) {
  private static final Path STANDARD_INPUT = Path.of("-");

  boolean isStandardInput() {
    return file.equals(STANDARD_INPUT);
  }

  /**
   * @throws InputException when the file cannot be read or its header is not the expected one
   */
  FeatureCsv open(InputStream standardInput) {
    CsvColumns columns = features.map(CsvColumns::of).orElseGet(CsvColumns::inFileOrder);
    for (Optional<String> text : List.of(keyColumn, idColumn)) {
      columns = text.map(columns::withText).orElse(columns);
    }
    return isStandardInput()
        ? FeatureCsv.of("standard input", standardInput, columns)
        : FeatureCsv.open(file, columns);
  }
}
