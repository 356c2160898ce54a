package io.attribution.demo;

import io.attribution.stream.live.Grid;
import io.attribution.stream.terminal.Line;
import io.attribution.stream.terminal.Style;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;

/** A row that is a picture, and beside it how much each pixel moved the embedding. */
final class Pictures {
  static final int GAP = 2;
  private static final int MIN_BARS_WIDTH = 38;
  private static final String SHADES = " ░▒▓█";

  /** Characters are about twice as high as wide. */
  private static final int CHARACTERS_PER_PIXEL = 2;

  /** Larger ones show no more. */
  private static final int MAX_SCALE = 2;

  private final Grid grid;
  private final boolean coloured;

  /**
   * @param coloured false draws in shades instead
   */
  Pictures(Grid grid, boolean coloured) {
    this.grid = grid;
    this.coloured = coloured;
  }

  /**
   * As large as fits; nothing where not even the smallest does.
   *
   * @param row one value per pixel
   * @param magnitudes how much each pixel moved the embedding
   * @param height of the pictures at most
   * @param width of everything; some of it belongs to the bars
   */
  List<Line> lines(float[] row, double[] magnitudes, int height, int width) {
    int scale = Math.min(MAX_SCALE, height / grid.rows());
    while (scale > 0 && 2 * width(scale) + 2 * GAP + MIN_BARS_WIDTH > width) {
      scale--;
    }
    if (scale == 0) {
      return List.of();
    }
    int second = width(scale) + GAP;
    List<Line> lines = new ArrayList<>();
    lines.add(Line.of(Style.DIM, "the row").padTo(second).add(Style.DIM, "|contribution|"));
    double[] brightness =
        IntStream.range(0, row.length).mapToDouble(k -> Math.max(0, row[k])).toArray();
    lines.addAll(
        beside(draw(brightness, Style::grey, scale), draw(magnitudes, Style::heat, scale), second));
    return lines;
  }

  /** Of one picture, in characters. */
  private int width(int scale) {
    return grid.columns() * scale * CHARACTERS_PER_PIXEL;
  }

  /**
   * Draws a picture.
   *
   * @param values one per pixel, not negative; the largest is the brightest
   * @param colour of a share of the largest
   * @param scale lines per pixel
   */
  List<Line> draw(double[] values, DoubleFunction<Style> colour, int scale) {
    double largest = Math.max(Double.MIN_NORMAL, Arrays.stream(values).max().orElse(0));
    List<Line> lines = new ArrayList<>();
    for (int row = 0; row < grid.rows(); row++) {
      Line line = Line.EMPTY;
      for (int column = 0; column < grid.columns(); column++) {
        double share = values[row * grid.columns() + column] / largest;
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

  /** Two blocks of lines as one. */
  static List<Line> beside(List<Line> left, List<Line> right, int column) {
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
      Line first = i < left.size() ? left.get(i) : Line.EMPTY;
      lines.add(i < right.size() ? first.padTo(column).add(right.get(i)) : first);
    }
    return lines;
  }
}
