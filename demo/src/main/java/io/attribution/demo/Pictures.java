package io.attribution.demo;

import io.attribution.stream.terminal.Line;
import io.attribution.stream.terminal.Style;
import java.util.ArrayList;
import java.util.List;

/** A row that is a picture, and beside it how much each pixel moved the embedding. */
final class Pictures {
  static final int GAP = 2;
  private static final int MIN_BARS_WIDTH = 38;
  private static final int CAPTION = 1;

  /** Larger ones show no more. */
  private static final int MAX_SCALE = 2;

  private final PixelGrid grid;
  private final boolean coloured;

  Pictures(PixelGrid grid, boolean coloured) {
    this.grid = grid;
    this.coloured = coloured;
  }

  /**
   * As large as fits; nothing where there is no room.
   *
   * @param row one value per pixel
   * @param height of the pictures at most
   * @param width of everything; some of it belongs to the bars
   */
  List<Line> lines(float[] row, Explanation explanation, int height, int width) {
    int scale = Math.min(MAX_SCALE, height / grid.rows());
    while (scale > 0 && 2 * grid.width(scale) + 2 * GAP + MIN_BARS_WIDTH > width) {
      scale--;
    }
    if (scale == 0) {
      return List.of();
    }
    int second = grid.width(scale) + GAP;
    List<Line> lines = new ArrayList<>(CAPTION + scale * grid.rows());
    lines.add(Line.of(Style.DIM, "the row").padTo(second).add(Style.DIM, "|contribution|"));
    lines.addAll(
        beside(
            grid.draw(brightness(row), Style::grey, coloured, scale),
            grid.draw(explanation.magnitudes(), Style::heat, coloured, scale),
            second));
    return lines;
  }

  private static double[] brightness(float[] row) {
    double[] values = new double[row.length];
    for (int i = 0; i < row.length; i++) {
      values[i] = Math.max(0, row[i]);
    }
    return values;
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
