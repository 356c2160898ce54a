package io.attribution.engine.internal.kernel;

/**
 * Where a program will run, which decides how its work is cut.
 *
 * @param cpu whether on a CPU, else on a GPU
 * @param float64 whether it computes in float64
 */
public record KernelTarget(boolean cpu, boolean float64) {
  /**
   * Floats of the widest array of a tile: 4 MiB. More rows read the weights less often, fewer stay
   * in the cache; measured, see docs/decisions/0010.
   */
  private static final int CPU_TILE_FLOATS = 1 << 20;

  /** 64 MiB: a GPU wants many rows at once, and has no cache that holds a tile. */
  private static final int GPU_TILE_FLOATS = 1 << 24;

  /** 256 MiB, of which a few stand side by side. */
  private static final long MOST_KEPT = 1 << 26;

  /** Whether products are oneDNN's, which has none in float64. */
  boolean oneDnn() {
    return cpu && !float64;
  }

  /**
   * The most rows of a tile, a multiple of {@link Padding#STEP}.
   *
   * @param widest columns of the widest array
   * @param kept floats that every row keeps until the last seed is done
   */
  int tileRows(int widest, long kept) {
    int floats = cpu ? CPU_TILE_FLOATS : GPU_TILE_FLOATS;
    long most = Math.min(cpu ? 512 : 8192, MOST_KEPT / Math.max(1, kept));
    long rows = Math.min(floats / widest, most) / Padding.STEP * Padding.STEP;
    return (int) Math.max(Padding.STEP, rows);
  }

  /** Rows of a product, seeds times rows of the tile, from which on its fixed cost is hidden. */
  int groupRows() {
    return cpu ? 512 : 1 << 15;
  }
}
