package io.attribution.engine.internal.path;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.attribution.engine.internal.jacobian.JacobianEngine;
import io.attribution.engine.internal.jacobian.Linearization;
import java.util.ArrayList;
import java.util.List;

/**
 * Mean Jacobians along the straight path from a baseline b to each row e, so that mean(J)·(e − b) =
 * f(e) − f(b). Completeness is its own error estimate: along each panel of the path the integral
 * has to say what f does. A row whose panels are near enough is done; of another the worst panels
 * are halved, until its nodes are spent. So smooth encoders need one rule, and a bend or a kink
 * gets nodes where it is. Safe for use by several threads.
 *
 * <p>n rows, K inputs, O outputs. Jacobians of a few points at a time exist, never those of all
 * nodes.
 */
public final class PathIntegral implements AutoCloseable {
  /** Bounds the Jacobians that exist together, (points, O, K). */
  private static final long POINT_BYTES = 64L << 20;

  /** What float32 cannot tell from 0, relative to the outputs: panels are not halved for it. */
  private static final double ROUNDING = 1e-6;

  /**
   * Nodes of a whole path, at least: features that change the outputs in turn, and cancel, add up
   * at one node by chance.
   */
  private static final int LEAST_NODES = 5;

  private final JacobianEngine engine;
  private final GaussLegendre rule;
  private final double tolerance;
  private final int maxNodes;
  private final PathProgram program;

  /**
   * @param engine stays the caller's to close, after this
   * @param ruleNodes nodes of a panel, odd
   * @param tolerance the relative error of a row at which it is done
   * @param maxNodes the most nodes of a row
   */
  public PathIntegral(JacobianEngine engine, int ruleNodes, double tolerance, int maxNodes) {
    this.engine = engine;
    this.rule = new GaussLegendre(ruleNodes);
    this.tolerance = tolerance;
    this.maxNodes = maxNodes;
    this.program = new PathProgram(engine.device());
  }

  /** Nodes that a row takes at least: whole halvings of the path until it has enough. */
  static int least(int ruleNodes) {
    int nodes = ruleNodes;
    for (int panels = 2; ruleNodes * panels < 2 * LEAST_NODES; panels *= 2) {
      nodes += ruleNodes * panels;
    }
    return nodes;
  }

  /**
   * Rows of a batch.
   *
   * @param outputs z = f(e), (n, O)
   * @param jacobian the mean Jacobian of each path, (n, O, K)
   * @param nodes how many Jacobians each row took; n of them
   */
  public record Means(NDArray outputs, NDArray jacobian, List<Integer> nodes) {}

  /**
   * @param inputs e, (n, K); its manager owns what is returned
   * @param base b, (1, K), or (n, K) where rows start at different points of the same outputs
   * @param baseOutputs f(b), (1, O), finite
   */
  public Means integrate(NDArray inputs, NDArray base, NDArray baseOutputs) {
    return new Run(inputs, base, baseOutputs).run();
  }

  /** A part of a row's path, with f at both ends. */
  private static final class Panel {
    private final int row;
    private final double from;
    private final double width;
    private final float[] before;
    private final float[] after;
    private double error;

    Panel(int row, double from, double width, float[] before, float[] after) {
      this.row = row;
      this.from = from;
      this.width = width;
      this.before = before;
      this.after = after;
    }

    List<Panel> halves(float[] middle) {
      double half = width / 2;
      return List.of(
          new Panel(row, from, half, before, middle),
          new Panel(row, from + half, half, middle, after));
    }
  }

  private final class Run {
    private final NDManager scope;
    private final NDArray base;
    private final NDArray outputs;
    private final NDArray way;
    private final NDArray sums;
    private final int outputCount;
    private final int most;
    private final double[] allowed;
    private final double[] kept;

    /** With those of panels that wait. */
    private final Integer[] spent;

    private List<List<Panel>> waiting = new ArrayList<>();

    Run(NDArray inputs, NDArray base, NDArray baseOutputs) {
      this.scope = inputs.getManager();
      this.base = base;
      this.outputs = engine.outputs(inputs);
      this.way = inputs.sub(base);
      int rows = (int) inputs.getShape().get(0);
      this.outputCount = (int) outputs.getShape().get(1);
      this.sums =
          scope.zeros(new Shape(rows, outputCount, inputs.getShape().get(1)), inputs.getDataType());
      long pointBytes = (long) Float.BYTES * outputCount * inputs.getShape().get(1);
      this.most =
          (int) Math.max(rule.size(), Math.min(engine.preferredRows(), POINT_BYTES / pointBytes));
      this.allowed = new double[rows];
      this.kept = new double[rows];
      this.spent = new Integer[rows];
      start(floats(baseOutputs), floats(outputs));
    }

    private void start(float[] before, float[] after) {
      for (int row = 0; row < spent.length; row++) {
        spent[row] = rule.size();
        float[] to = part(after, row);
        double change = 0;
        double largest = 0;
        for (int i = 0; i < outputCount; i++) {
          change = Math.max(change, Math.abs((double) to[i] - before[i]));
          largest = Math.max(largest, Math.max(Math.abs(to[i]), Math.abs(before[i])));
        }
        // Half of what the row may miss: the other half is for panels that err to one side.
        allowed[row] = Math.max(tolerance * change / 2, ROUNDING * largest);
        waiting.add(List.of(new Panel(row, 0, 1, before, to)));
      }
    }

    Means run() {
      while (!waiting.isEmpty()) {
        List<List<Panel>> rows = waiting;
        waiting = new ArrayList<>();
        List<Panel> together = new ArrayList<>();
        for (List<Panel> row : rows) {
          for (Panel panel : row) {
            if ((together.size() + 1) * rule.size() > most) {
              evaluate(together);
              together = new ArrayList<>();
            }
            together.add(panel);
          }
        }
        evaluate(together);
      }
      return new Means(outputs, sums, List.of(spent));
    }

    private void evaluate(List<Panel> panels) {
      try (NDManager temporary = scope.newSubManager()) {
        NDArray rows = temporary.create(panels.stream().mapToLong(panel -> panel.row).toArray());
        NDArray points = program.points(temporary, base, way, rows, steps(temporary, panels));
        Linearization f = engine.linearize(points);
        NDArray integral = program.integrate(temporary, f.jacobian(), weights(temporary, panels));
        float[] along = floats(program.along(temporary, integral, way, rows));
        for (int p = 0; p < panels.size(); p++) {
          measure(panels.get(p), part(along, p));
        }
        long[] done = settle(panels, floats(f.outputs()));
        if (done.length > 0) {
          program.add(sums, integral, rows, temporary.create(done));
        }
      }
    }

    private NDArray steps(NDManager temporary, List<Panel> panels) {
      float[] steps = new float[panels.size() * rule.size()];
      for (int at = 0; at < steps.length; at++) {
        Panel panel = panels.get(at / rule.size());
        steps[at] = (float) (panel.from + panel.width * rule.node(at % rule.size()));
      }
      return temporary.create(steps, new Shape(panels.size(), rule.size()));
    }

    private NDArray weights(NDManager temporary, List<Panel> panels) {
      float[] weights = new float[panels.size() * rule.size()];
      for (int at = 0; at < weights.length; at++) {
        weights[at] = (float) (panels.get(at / rule.size()).width * rule.weight(at % rule.size()));
      }
      return temporary.create(weights, new Shape(panels.size(), rule.size()));
    }

    private void measure(Panel panel, float[] along) {
      for (int i = 0; i < outputCount; i++) {
        double change = (double) panel.after[i] - panel.before[i];
        panel.error = Math.max(panel.error, Math.abs(change - along[i]));
      }
    }

    /** Which panels are final; the others are halved, and their halves wait. */
    private long[] settle(List<Panel> panels, float[] outputsAtPoints) {
      List<Long> done = new ArrayList<>();
      int from = 0;
      while (from < panels.size()) {
        int to = from;
        while (to < panels.size() && panels.get(to).row == panels.get(from).row) {
          to++;
        }
        settleRow(panels, from, to, outputsAtPoints, done);
        from = to;
      }
      return done.stream().mapToLong(Long::longValue).toArray();
    }

    private void settleRow(
        List<Panel> panels, int from, int to, float[] outputsAtPoints, List<Long> done) {
      int row = panels.get(from).row;
      List<Integer> byError = new ArrayList<>();
      double rest = kept[row];
      for (int p = from; p < to; p++) {
        byError.add(p);
        rest += panels.get(p).error;
      }
      byError.sort((a, b) -> Double.compare(panels.get(b).error, panels.get(a).error));
      List<Panel> halves = new ArrayList<>();
      for (int p : byError) {
        Panel panel = panels.get(p);
        int more = 2 * rule.size();
        // Not with NaN: such a row is done, and rejected by whoever reads it.
        boolean coarse = rule.size() < LEAST_NODES * panel.width;
        if ((coarse || rest > allowed[row]) && spent[row] + more <= maxNodes) {
          spent[row] += more;
          rest -= panel.error;
          halves.addAll(panel.halves(part(outputsAtPoints, p * rule.size() + rule.middle())));
        } else {
          kept[row] += panel.error;
          done.add((long) p);
        }
      }
      if (!halves.isEmpty()) {
        waiting.add(halves);
      }
    }

    private float[] part(float[] values, int index) {
      return java.util.Arrays.copyOfRange(values, index * outputCount, (index + 1) * outputCount);
    }
  }

  private static float[] floats(NDArray array) {
    float[] values = new float[(int) array.size()];
    array.toByteBuffer().order(java.nio.ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  @Override
  public void close() {
    program.close();
  }
}
