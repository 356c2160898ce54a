package io.attribution.stream.produce;

import io.attribution.stream.csv.FeatureCsv;
import io.attribution.stream.csv.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.OptionalDouble;

/** The rows of a CSV source in order, once or in a loop. */
public final class CsvRows implements AutoCloseable {
  private final CsvSource source;
  private final InputStream standardInput;
  private final boolean loops;
  private FeatureCsv csv;
  private float[] features;
  private long row = -1;

  /**
   * @param loops start over at the end of the file
   * @throws InputException when the source cannot be read or its header is not the expected one
   */
  public CsvRows(CsvSource source, InputStream standardInput, boolean loops) {
    this.source = source;
    this.standardInput = standardInput;
    this.loops = loops;
    this.csv = source.open(standardInput);
    this.features = csv.newRow();
  }

  /**
   * Reads the next row.
   *
   * @return false at the end
   * @throws InputException when a row is invalid, or the source to loop over has no rows
   */
  public boolean next() {
    if (csv.next(features)) {
      row++;
      return true;
    }
    return loops && again();
  }

  private boolean again() {
    if (row < 0) {
      throw csv.error(1, "no rows follow the header");
    }
    csv.close();
    csv = source.open(standardInput);
    features = csv.newRow();
    row = -1;
    return next();
  }

  /** The features of the row; overwritten by the next. */
  float[] features() {
    return features;
  }

  String key() {
    return source.keyColumn().map(csv::text).orElseGet(() -> Long.toString(row));
  }

  String recordId() {
    return source.idColumn().map(csv::text).orElseGet(this::key);
  }

  /** How much of the file is read, 0 to 1; absent where its size is unknown. */
  OptionalDouble share() {
    if (loops || source.isStandardInput()) {
      return OptionalDouble.empty();
    }
    try {
      return OptionalDouble.of((double) csv.characters() / Math.max(1, Files.size(source.file())));
    } catch (IOException e) {
      return OptionalDouble.empty();
    }
  }

  @Override
  public void close() {
    csv.close();
  }
}
