package io.attribution.stream.csv;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.QuoteMode;
import org.jspecify.annotations.Nullable;

/**
 * Rows of raw features from a CSV file (RFC 4180, UTF-8 with or without byte order mark), one at a
 * time. The header names the features in any order; rows are returned in the bundle's order.
 */
public final class FeatureCsv implements AutoCloseable {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  /** Empty lines are read, not skipped; the quote mode distinguishes them (null) from "". */
  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT
          .builder()
          .setIgnoreEmptyLines(false)
          .setQuoteMode(QuoteMode.ALL_NON_NULL)
          .get();

  /** A row of two million numbers of sixteen digits. */
  private static final long MOST_ROW_CHARACTERS = 32L << 20;

  private final String name;
  private final BoundedReader reader;
  private final CSVParser parser;
  private final Iterator<CSVRecord> records;
  private final CsvHeader header;
  private @Nullable CSVRecord current;
  private long line;

  private FeatureCsv(String name, BoundedReader reader, CsvColumns columns) throws IOException {
    this.name = name;
    this.reader = reader;
    this.parser = CSVParser.builder().setReader(reader).setFormat(FORMAT).get();
    this.records = parser.iterator();
    this.header = readHeader(columns);
  }

  /**
   * @param features the names of the columns, in the order of the returned rows
   * @throws InputException when the file cannot be read or its header does not name the features
   */
  public static FeatureCsv open(Path file, List<String> features) {
    return open(file, CsvColumns.of(features));
  }

  /**
   * @throws InputException when the file cannot be read or lacks a column
   */
  public static FeatureCsv open(Path file, CsvColumns columns) {
    if (Files.notExists(file)) {
      throw new InputException(file + ": no such file");
    }
    if (Files.isDirectory(file)) {
      throw new InputException(file + ": is a folder; name a CSV file");
    }
    try {
      return of(file.toString(), Files.newInputStream(file), columns);
    } catch (IOException e) {
      throw new InputException(file + ": cannot be read (" + e + ")", e);
    }
  }

  /**
   * @param name the input's name in messages
   * @param bytes closed with this, also when this throws
   */
  public static FeatureCsv of(String name, InputStream bytes, List<String> features) {
    return of(name, bytes, CsvColumns.of(features));
  }

  /** As {@link #of(String, InputStream, List)}, with a choice of columns. */
  @SuppressWarnings("MustBeClosed")
  public static FeatureCsv of(String name, InputStream bytes, CsvColumns columns) {
    try {
      return new FeatureCsv(name, withoutByteOrderMark(bytes), columns);
    } catch (IOException e) {
      close(bytes);
      throw unreadable(name, 1, e);
    } catch (RuntimeException e) {
      close(bytes);
      throw e;
    }
  }

  /** Bytes that are not UTF-8 become U+FFFD, which no number and no feature name contains. */
  private static BoundedReader withoutByteOrderMark(InputStream bytes) throws IOException {
    Reader reader = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8));
    reader.mark(1);
    if (reader.read() != BYTE_ORDER_MARK) {
      reader.reset();
    }
    return new BoundedReader(reader);
  }

  private CsvHeader readHeader(CsvColumns columns) {
    if (!advance()) {
      throw error(1, "is empty; expected a header with the feature names");
    }
    return CsvHeader.of(name, records.next(), columns);
  }

  /**
   * Reads the next row.
   *
   * @param features filled with D values, in the requested order
   * @return false at the end of the file
   * @throws InputException when the row is not D finite numbers; names line and column
   */
  public boolean next(float[] features) {
    if (!advance()) {
      return false;
    }
    CSVRecord row = records.next();
    if (isBlank(row)) {
      requireEnd();
      return false;
    }
    requireSize(row);
    for (int column = 0; column < row.size(); column++) {
      if (header.isFeature(column)) {
        features[header.feature(column)] = number(row.get(column), column);
      }
    }
    current = row;
    return true;
  }

  /** An array for one row, D values. */
  public float[] newRow() {
    return new float[header.featureCount()];
  }

  /** A text cell of the last row. */
  public String text(String column) {
    CSVRecord row = Objects.requireNonNull(current, "no row was read");
    return Objects.requireNonNullElse(row.get(header.column(column)), "");
  }

  /** The start of the last row in the file, in characters. */
  public long characters() {
    return current == null ? 0 : current.getCharacterPosition();
  }

  /** The first line of the last row, counted from 1, the header's line. */
  public long line() {
    return line;
  }

  /** An error in a line of this file. */
  public InputException error(long atLine, String problem) {
    return InputException.at(name, atLine, problem);
  }

  private boolean advance() {
    long next = parser.getCurrentLineNumber() + 1;
    reader.allow(MOST_ROW_CHARACTERS);
    try {
      boolean more = records.hasNext();
      line = more ? next : line;
      return more;
    } catch (UncheckedIOException e) {
      throw unreadable(name, next, Objects.requireNonNullElse(e.getCause(), e));
    }
  }

  private static boolean isBlank(CSVRecord row) {
    return row.size() == 1 && row.get(0) == null;
  }

  /** Blank lines end a file, but rows after one would be numbered differently by every reader. */
  private void requireEnd() {
    long blank = line;
    while (advance()) {
      if (!isBlank(records.next())) {
        throw error(
            blank, "is blank, but rows follow; remove it (first column '" + header.name(0) + "')");
      }
    }
  }

  private void requireSize(CSVRecord row) {
    String sizes = "has " + row.size() + " fields, but the header has " + header.size();
    if (row.size() < header.size()) {
      throw error(line, sizes + "; nothing for column '" + header.name(row.size()) + "'");
    }
    if (row.size() > header.size()) {
      throw error(line, sizes + "; too many after column '" + header.name(header.size() - 1) + "'");
    }
  }

  private float number(@Nullable String cell, int column) {
    try {
      return DecimalFloat.parse(cell == null ? "" : cell);
    } catch (NumberFormatException e) {
      throw error(line, "column '" + header.name(column) + "': " + e.getMessage());
    }
  }

  private static InputException unreadable(String name, long line, Throwable e) {
    String reason = e instanceof CSVException ? "damaged quoting: " : "cannot be read: ";
    return new InputException(name + ": line " + line + ": " + reason + e.getMessage(), e);
  }

  private static void close(InputStream bytes) {
    try {
      bytes.close();
    } catch (IOException e) {
      // The failure that led here is more useful.
    }
  }

  @Override
  public void close() {
    try {
      parser.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
