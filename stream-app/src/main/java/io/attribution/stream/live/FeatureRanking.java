package io.attribution.stream.live;

import io.attribution.engine.reduction.TopFeatures;
import java.util.List;

/**
 * How much each feature moved the embedding, on average over sampled rows of one bundle: the mean
 * of the rows' l2 contributions. Where samples have no matrix it is the mean magnitude of their
 * reduced contributions.
 */
public final class FeatureRanking {
  private final ModelView model;
  private final List<Sample> rows;
  private final double[] strength;
  private final double[][] signed;
  private final String basis;

  private FeatureRanking(ModelView model, List<Sample> rows, boolean matrices, int features) {
    this.model = model;
    this.rows = rows;
    this.strength = new double[features];
    this.basis = rows.isEmpty() || matrices ? "l2" : rows.get(0).reduction();
    int outputs = matrices ? rows.get(0).embedding().length : 0;
    this.signed = new double[outputs][features];
    for (Sample row : rows) {
      add(row);
    }
  }

  /**
   * @param samples oldest first; only those of the newest sample's bundle are averaged
   */
  static FeatureRanking of(ModelView model, List<Sample> samples) {
    if (samples.isEmpty()) {
      return new FeatureRanking(model, List.of(), false, 0);
    }
    Sample newest = samples.get(samples.size() - 1);
    List<Sample> rows = samples.stream().filter(sample -> isLike(sample, newest)).toList();
    return new FeatureRanking(
        model, rows, newest.contributions().isPresent(), newest.reduced().length);
  }

  /** Whether two samples can be averaged. */
  private static boolean isLike(Sample a, Sample b) {
    return a.bundle().equals(b.bundle())
        && a.reduction().equals(b.reduction())
        && a.reduced().length == b.reduced().length
        && a.contributions().isPresent() == b.contributions().isPresent();
  }

  private void add(Sample row) {
    if (signed.length == 0) {
      for (int k = 0; k < strength.length; k++) {
        strength[k] += Math.abs(row.reduced()[k]) / rows.size();
      }
      return;
    }
    float[] contributions = row.contributions().orElseThrow();
    for (int k = 0; k < strength.length; k++) {
      double squares = 0;
      for (int i = 0; i < signed.length; i++) {
        double c = contributions[i * strength.length + k];
        signed[i][k] += c / rows.size();
        squares += c * c;
      }
      strength[k] += Math.sqrt(squares) / rows.size();
    }
  }

  public ModelView model() {
    return model;
  }

  /** The samples that were averaged, oldest first. */
  public List<Sample> rows() {
    return rows;
  }

  /** What the strengths are means of: l2, or the reduction of samples that have no matrix. */
  public String basis() {
    return basis;
  }

  /** Indices of the strongest features, strongest first. */
  public int[] strongest(int limit) {
    float[] narrow = new float[strength.length];
    for (int k = 0; k < narrow.length; k++) {
      narrow[k] = (float) strength[k];
    }
    return TopFeatures.indices(narrow, limit);
  }

  public String feature(int index) {
    return model.feature(index, strength.length);
  }

  public double strength(int feature) {
    return strength[feature];
  }

  /** The strength's share in the sum over all features; 0 when that is 0. */
  public double normalized(int feature) {
    double sum = 0;
    for (double value : strength) {
      sum += value;
    }
    return sum == 0 ? 0 : strength[feature] / sum;
  }

  /** O, or 0 when the samples have no matrix. */
  public int outputs() {
    return signed.length;
  }

  /** Mean signed contribution of a feature to an output. */
  public double signed(int output, int feature) {
    return signed[output][feature];
  }
}
