package io.attribution.demo;

import io.attribution.stream.terminal.Line;
import io.attribution.stream.terminal.Style;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Features that are the pixels of a picture: pixel_ROW_COLUMN, row by row. */
final class PixelGrid {
  private static final Pattern PIXEL = Pattern.compile("pixel_(\\d{1,3})_(\\d{1,3})");
  private static final String SHADES = " ░▒▓█";

  /** Characters are about twice as high as wide. */
  private static final int CHARACTERS_PER_PIXEL = 2;

  private final int rows;
  private final int columns;

  private PixelGrid(int rows, int columns) {
    this.rows = rows;
    this.columns = columns;
  }

  /** The grid, if the features are one. */
  static Optional<PixelGrid> of(List<String> features) {
    Matcher last = PIXEL.matcher(features.get(features.size() - 1));
    if (!last.matches()) {
      return Optional.empty();
    }
    PixelGrid grid =
        new PixelGrid(Integer.parseInt(last.group(1)) + 1, Integer.parseInt(last.group(2)) + 1);
    return grid.names().equals(features) ? Optional.of(grid) : Optional.empty();
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        names.add("pixel_" + row + "_" + column);
      }
    }
    return names;
  }

  int rows() {
    return rows;
  }

  /** Of a picture, in characters. */
  int width(int scale) {
    return columns * scale * CHARACTERS_PER_PIXEL;
  }

  /**
   * Draws a picture.
   *
   * @param values one per feature, not negative; the largest is the brightest
   * @param colour of a share of the largest; shades of grey serve where there are no colours
   * @param scale lines per pixel
   */
  List<Line> draw(double[] values, DoubleFunction<Style> colour, boolean coloured, int scale) {
    double largest = Double.MIN_NORMAL;
    for (double value : values) {
      largest = Math.max(largest, value);
    }
    List<Line> lines = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      Line line = Line.EMPTY;
      for (int column = 0; column < columns; column++) {
        double share = values[row * columns + column] / largest;
        int width = scale * CHARACTERS_PER_PIXEL;
        line =
            coloured
                ? line.add(colour.apply(share), " ".repeat(width))
                : line.add(shade(share).repeat(width));
      }
      lines.addAll(Collections.nCopies(scale, line));
    }
    return lines;
  }

  private static String shade(double share) {
    int step = (int) Math.min(SHADES.length() - 1, Math.floor(share * SHADES.length()));
    return SHADES.substring(step, step + 1);
  }
}
