package io.attribution.engine.internal.kernel;

/**
 * Rounds the rows of a tile up to one of few sizes. oneDNN prepares a product once for each number
 * of rows and keeps the last 1,024 of them, so that a stream, whose batches have every size, would
 * fill some hundreds of megabytes with them and prepare anew all the time.
 */
public final class Padding {
  /**
   * From one size to the next, at most; for fewer than 256 rows it is a quarter of them or less.
   */
  static final int STEP = 32;

  private Padding() {}

  /**
   * The size that rows are filled up to.
   *
   * @param rows at least 1
   */
  public static int padded(int rows) {
    int step = 1;
    while (step * 8 <= rows && step < STEP) {
      step *= 2;
    }
    return (rows + step - 1) / step * step;
  }

  /** The method that the tiles call, which does the same. */
  static void define(Text text) {
    text.open("def padded(self: __torch__.Kernel, rows: int) -> int:")
        .line("step = 1")
        .open("while (step * 8 <= rows) and (step < %d):", STEP)
        .line("step = step * 2")
        .close()
        .line("return (rows + step - 1) // step * step")
        .close();
  }

  /**
   * Fills the variable {@code rows} up with zeros: its first {@code valid} rows of {@code t} are
   * the tile's.
   */
  static void write(Text text) {
    text.line("t = self.padded(valid)")
        .open("if valid < t:")
        .line("rows = torch.constant_pad_nd(rows, [0, 0, 0, t - valid])")
        .close();
  }

  /** The expression for the tile's own rows of an array (t, …). */
  static String valid(String array) {
    return "torch.slice(%s, 0, 0, valid)".formatted(array);
  }
}
