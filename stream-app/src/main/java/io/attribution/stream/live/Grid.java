package io.attribution.stream.live;

import io.attribution.engine.bundle.ModelBundle;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** A model's features as the pixels of a picture, row by row. */
public record Grid(int rows, int columns) {
  private static final Pattern PIXEL = Pattern.compile("pixel_(\\d{1,9})_(\\d{1,9})");

  /**
   * By the features' names (pixel_ROW_COLUMN), or by the shape of the encoder's input: (rows,
   * columns), or (1, rows, columns) for grey pictures.
   */
  public static Optional<Grid> of(ModelBundle bundle) {
    return byNames(bundle.features()).or(() -> byShape(bundle));
  }

  static Optional<Grid> byNames(List<String> features) {
    Matcher last = PIXEL.matcher(features.get(features.size() - 1));
    if (!last.matches()) {
      return Optional.empty();
    }
    Grid grid = new Grid(Integer.parseInt(last.group(1)) + 1, Integer.parseInt(last.group(2)) + 1);
    return grid.names(features) ? Optional.of(grid) : Optional.empty();
  }

  private boolean names(List<String> features) {
    return features.size() == (long) rows * columns
        && IntStream.range(0, features.size())
            .allMatch(k -> features.get(k).equals("pixel_" + k / columns + "_" + k % columns));
  }

  private static Optional<Grid> byShape(ModelBundle bundle) {
    List<Integer> shape = bundle.inputShape();
    int axes = shape.size();
    boolean grey = axes == 2 || (axes == 3 && shape.get(0) == 1);
    return grey && bundle.preprocessing().components().isEmpty()
        ? Optional.of(new Grid(shape.get(axes - 2), shape.get(axes - 1)))
        : Optional.empty();
  }
}
