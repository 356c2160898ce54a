package io.attribution.engine.bundle;

import io.attribution.engine.bundle.EncoderGraph.Argument;
import io.attribution.engine.bundle.EncoderGraph.Node;
import io.attribution.engine.bundle.LayerStep.Columns;
import io.attribution.engine.bundle.LayerStep.Dense;
import io.attribution.engine.bundle.LayerStep.Norm;
import io.attribution.engine.bundle.LayerStep.Plain;
import io.attribution.engine.bundle.LayerStep.Skip;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a graph of operators as a chain of layers on flat rows, by what its operators do: a
 * home-made normalisation, a sum with an earlier value, a where with a slope. What it does not know
 * for certain it leaves to autograd, and the admission check compares both.
 */
final class LayerRecognizer {
  /** What they return may be the memory of what they are given. */
  private static final Set<String> ALIASES =
      Set.of("view", "reshape", "flatten", "contiguous", "alias", "detach");

  private final EncoderGraph graph;
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, Node> nodes = new HashMap<>();
  private final Map<String, Integer> uses = new HashMap<>();

  /** What is known about a node's result. */
  private sealed interface Value {}

  /** A value of every row: the input, or a step from an earlier value. Compared by identity. */
  private static final class Point implements Value {
    private final Optional<Point> before;
    private final Optional<LayerStep> step;
    private final List<Integer> shape;

    Point(Optional<Point> before, Optional<LayerStep> step, List<Integer> shape) {
      this.before = before;
      this.step = step;
      this.shape = shape;
    }

    Point then(LayerStep next, int width) {
      return new Point(Optional.of(this), Optional.of(next), List.of(width));
    }

    boolean isFlat() {
      return shape.size() == 1;
    }

    int width() {
      return shape.get(shape.size() - 1);
    }
  }

  /**
   * A part of a normalisation of a point over its last axis.
   *
   * @param factor of the variance: 1 when it is divided by the width
   * @param eps what is added to it
   * @param constant whether no derivative goes through it
   */
  private record Part(Kind kind, Point of, double factor, double eps, boolean constant)
      implements Value {
    enum Kind {
      /** The point itself, cut off from derivatives. */
      COPY,
      MEAN,
      CENTRED,
      SQUARE,
      VARIANCE,
      DEVIATION,
      INVERSE
    }

    Part as(Kind next) {
      return new Part(next, of, factor, eps, constant);
    }

    boolean is(Kind wanted) {
      return kind == wanted;
    }
  }

  /** Where a point is positive. */
  private record Positive(Point of) implements Value {}

  /** Constants, a row after the other. */
  private record Known(List<Integer> shape, Vector numbers) implements Value {}

  /** The number of rows. */
  private record Rows() implements Value {}

  /** Several results. */
  private record Several(List<Value> results) implements Value {}

  LayerRecognizer(EncoderGraph graph, List<Integer> inputShape) {
    this.graph = graph;
    values.put(graph.input(), new Point(Optional.empty(), Optional.empty(), inputShape));
    for (Node node : graph.nodes()) {
      nodes.put(node.name(), node);
      node.arguments().forEach(this::countUse);
      node.keywords().values().forEach(this::countUse);
    }
    uses.merge(graph.output(), 1, Integer::sum);
  }

  private void countUse(Argument argument) {
    if (argument instanceof Argument.Result result) {
      uses.merge(result.name(), 1, Integer::sum);
    } else if (argument instanceof Argument.Items list) {
      list.items().forEach(this::countUse);
    }
  }

  /**
   * @param outputs O
   * @throws UnknownOperatorException names the first operator that is part of no layer
   */
  List<LayerSpec> layers(int outputs) throws UnknownOperatorException {
    for (Node node : graph.nodes()) {
      values.put(node.name(), new Reading(node).value());
    }
    if (values.get(graph.output()) instanceof Point output
        && output.shape.equals(List.of(outputs))) {
      List<LayerSpec> layers = LayerFolding.fold(steps(output, Optional.empty()).orElseThrow());
      if (!layers.isEmpty()) {
        return layers;
      }
    }
    throw new UnknownOperatorException("an output that is no layer's");
  }

  /** The steps to a point from an earlier one, or from the input; nothing when it is no earlier. */
  private static Optional<List<LayerStep>> steps(Point to, Optional<Point> from) {
    Deque<LayerStep> steps = new ArrayDeque<>();
    Optional<Point> at = Optional.of(to);
    while (at.isPresent() && at.get().before.isPresent() && at.get() != from.orElse(null)) {
      steps.addFirst(at.get().step.orElseThrow());
      at = at.get().before;
    }
    boolean arrived = from.isEmpty() || at.orElse(null) == from.get();
    return arrived ? Optional.of(new ArrayList<>(steps)) : Optional.empty();
  }

  /** linear of aten.linear.default. */
  private static String name(Node node) {
    String operator = node.operator();
    int from = operator.indexOf('.') + 1;
    int to = operator.indexOf('.', from);
    return operator.substring(from, to < 0 ? operator.length() : to);
  }

  /** One node, with what is known about its arguments. */
  private final class Reading {
    private final Node node;

    /** The operator without namespace, overload, and the _ of those that work in place. */
    private final String operator;

    private final boolean inPlace;

    Reading(Node node) {
      this.node = node;
      String name = name(node);
      this.inPlace = name.endsWith("_");
      this.operator = inPlace ? name.substring(0, name.length() - 1) : name;
    }

    private UnknownOperatorException unknown() {
      return new UnknownOperatorException(node.operator() + " (" + node.name() + ")");
    }

    Value value() throws UnknownOperatorException {
      if (inPlace && !isSole(first())) {
        throw unknown();
      }
      Optional<Value> value =
          switch (operator) {
            case "sym_size" -> when(point(0).isPresent() && isWhole(1, 0), new Rows());
            case "getitem" -> entry();
            case "linear" -> linear(point(0), known(argument(1)), argument(2));
            case "addmm" -> product(point(1), known(argument(2)), argument(0));
            case "mm", "matmul" -> product(point(0), known(argument(1)), Optional.empty());
            case "t", "permute", "transpose" -> transposed();
            case "view", "reshape", "_unsafe_view", "flatten" -> flattened();
            case "clone", "contiguous", "alias" -> point(0).map(p -> p);
            case "cat", "concat", "concatenate" -> single(0).map(p -> p);
            case "relu" -> flat(0).map(p -> gate(p, new LayerSpec.Relu()));
            case "clamp_min", "clamp" -> clamped();
            case "threshold" ->
                flat(0)
                    .filter(p -> isNumber(1, 0) && isNumber(2, 0))
                    .map(p -> gate(p, new LayerSpec.Relu()));
            case "leaky_relu" -> leaky();
            case "prelu", "_prelu_kernel" -> flat(0).flatMap(p -> prelu(p, known(argument(1))));
            case "batch_norm", "native_batch_norm" -> isFalse(5) ? batchNorm(7) : Optional.empty();
            case "_native_batch_norm_legit_no_training" -> batchNorm(6);
            case "gt" -> flat(0).filter(p -> isNumber(1, 0)).map(Positive::new);
            case "where" -> where();
            case "add" -> sum(1);
            case "sub" -> sum(-1);
            case "rsub" -> reversed();
            case "mul" -> times();
            case "div" -> over();
            case "detach" -> detached();
            case "mean" -> mean();
            case "var" -> variance();
            case "var_mean" ->
                variance().map(v -> new Several(List.of(v, ((Part) v).as(Part.Kind.MEAN))));
            case "pow" -> power();
            case "square" ->
                part(0).filter(p -> p.is(Part.Kind.CENTRED)).map(p -> p.as(Part.Kind.SQUARE));
            case "sqrt" -> root(Part.Kind.DEVIATION);
            case "rsqrt" -> root(Part.Kind.INVERSE);
            default -> Optional.empty();
          };
      return value.orElseThrow(this::unknown);
    }

    private static Optional<Value> when(boolean condition, Value value) {
      return condition ? Optional.of(value) : Optional.empty();
    }

    // Arguments

    private Optional<Argument> argument(int i) {
      return i < node.arguments().size()
          ? Optional.of(node.arguments().get(i)).filter(a -> !(a instanceof Argument.Nothing))
          : Optional.empty();
    }

    private Optional<Argument> argument(int i, String keyword) {
      return argument(i).or(() -> Optional.ofNullable(node.keywords().get(keyword)));
    }

    private Optional<Value> value(int i) {
      return argument(i)
          .filter(Argument.Result.class::isInstance)
          .map(a -> values.get(((Argument.Result) a).name()));
    }

    private Optional<Point> point(int i) {
      return value(i).filter(Point.class::isInstance).map(Point.class::cast);
    }

    /** The one entry of a list. */
    private Optional<Point> single(int i) {
      return argument(i)
          .filter(a -> a instanceof Argument.Items list && list.items().size() == 1)
          .map(a -> ((Argument.Items) a).items().get(0))
          .filter(Argument.Result.class::isInstance)
          .map(a -> values.get(((Argument.Result) a).name()))
          .filter(Point.class::isInstance)
          .map(Point.class::cast);
    }

    private Optional<Point> flat(int i) {
      return point(i).filter(Point::isFlat);
    }

    private Optional<Part> part(int i) {
      return value(i).filter(Part.class::isInstance).map(Part.class::cast);
    }

    private Optional<Known> known(Optional<Argument> given) {
      Argument argument = given.orElse(new Argument.Nothing());
      if (argument instanceof Argument.Constant constant) {
        return Optional.ofNullable(graph.tensors().get(constant.tensor()))
            .flatMap(GraphTensor::floats)
            .map(t -> new Known(t.shape(), Vector.of(t)));
      }
      if (argument instanceof Argument.Result result) {
        return values.get(result.name()) instanceof Known known
            ? Optional.of(known)
            : Optional.empty();
      }
      return number(argument).map(n -> new Known(List.of(), Vector.of(1, n)));
    }

    private static Optional<Double> number(Argument argument) {
      if (argument instanceof Argument.Whole whole) {
        return Optional.of((double) whole.value());
      }
      return argument instanceof Argument.Real real ? Optional.of(real.value()) : Optional.empty();
    }

    private boolean isNumber(int i, double wanted) {
      return argument(i).flatMap(Reading::number).filter(n -> n == wanted).isPresent();
    }

    private boolean isWhole(int i, long wanted) {
      return argument(i).equals(Optional.of(new Argument.Whole(wanted)));
    }

    private boolean isFalse(int i) {
      return argument(i).equals(Optional.of(new Argument.Truth(false)));
    }

    private boolean isTrue(int i, String keyword) {
      return argument(i, keyword).equals(Optional.of(new Argument.Truth(true)));
    }

    /** Numbers for each of the columns, of which there may be one for all. */
    private static Optional<Vector> columns(Optional<Known> known, int width) {
      return known.flatMap(
          k -> {
            if (k.numbers().size() == 1) {
              return Optional.of(Vector.of(width, k.numbers().get(0)));
            }
            boolean row = !k.shape().isEmpty() && k.shape().get(k.shape().size() - 1) == width;
            return row && k.numbers().size() == width ? Optional.of(k.numbers()) : Optional.empty();
          });
    }

    private String first() {
      return argument(0).map(a -> a instanceof Argument.Result r ? r.name() : "").orElse("");
    }

    /** Whether nothing else reads a result, nor what shares its memory. */
    private boolean isSole(String name) {
      String at = name;
      while (uses.getOrDefault(at, 0) == 1 && nodes.containsKey(at)) {
        Node producer = nodes.get(at);
        boolean alias = ALIASES.contains(name(producer));
        if (!alias || !(producer.arguments().get(0) instanceof Argument.Result source)) {
          return true;
        }
        at = source.name();
      }
      return uses.getOrDefault(at, 0) == 1;
    }

    // Layers

    private Optional<Value> entry() {
      return value(0)
          .filter(Several.class::isInstance)
          .map(s -> ((Several) s).results())
          .flatMap(
              results ->
                  argument(1)
                      .flatMap(Reading::number)
                      .filter(i -> i >= 0 && i < results.size())
                      .map(i -> results.get(i.intValue())));
    }

    private static Value gate(Point p, LayerSpec layer) {
      return p.then(new Plain(layer), p.width());
    }

    private Optional<Value> linear(
        Optional<Point> input, Optional<Known> weight, Optional<Argument> bias) {
      if (input.isEmpty() || weight.isEmpty() || weight.get().shape().size() != 2) {
        return Optional.empty();
      }
      int outputs = weight.get().shape().get(0);
      Optional<Vector> added =
          bias.isEmpty() ? Optional.of(Vector.of(outputs, 0)) : columns(known(bias), outputs);
      return input
          .filter(p -> p.shape.equals(List.of(weight.get().shape().get(1))))
          .flatMap(p -> added.map(b -> p.then(new Dense(weight.get().numbers(), b), outputs)));
    }

    private Optional<Value> product(
        Optional<Point> input, Optional<Known> weight, Optional<Argument> bias) {
      boolean scaled = node.keywords().containsKey("alpha") || node.keywords().containsKey("beta");
      return scaled ? Optional.empty() : linear(input, weight.flatMap(Reading::transposed), bias);
    }

    private static Optional<Known> transposed(Known matrix) {
      if (matrix.shape().size() != 2) {
        return Optional.empty();
      }
      int rows = matrix.shape().get(0);
      int columns = matrix.shape().get(1);
      return Optional.of(
          new Known(
              List.of(columns, rows),
              Vector.of(
                  matrix.numbers().size(),
                  i -> matrix.numbers().get(i % rows * columns + i / rows))));
    }

    /** Of a matrix, the only change of axes that there is. */
    private Optional<Value> transposed() {
      boolean swapped =
          operator.equals("t")
              || argument(1)
                  .map(
                      axes ->
                          axes.equals(new Argument.Items(List.of(whole(1), whole(0))))
                              || (operator.equals("transpose")
                                  && argument(2).isPresent()
                                  && !axes.equals(argument(2).get())))
                  .orElse(false);
      return swapped
          ? known(argument(0)).flatMap(Reading::transposed).map(k -> k)
          : Optional.empty();
    }

    private static Argument whole(long value) {
      return new Argument.Whole(value);
    }

    private Optional<Value> flattened() {
      return point(0)
          .filter(p -> operator.equals("flatten") ? isFlatten() : isFlat(Tensor.size(p.shape)))
          .map(
              p ->
                  p.isFlat()
                      ? p
                      : p.then(new Plain(new LayerSpec.Flatten()), Tensor.size(p.shape)));
    }

    private boolean isFlatten() {
      return isWhole(1, 1) && (argument(2).isEmpty() || isWhole(2, -1));
    }

    /** Whether the sizes are the rows and all of a row; one of both may be left to PyTorch. */
    private boolean isFlat(int width) {
      List<Argument> sizes =
          argument(1)
              .map(a -> a instanceof Argument.Items list ? list.items() : List.<Argument>of())
              .orElse(List.of());
      if (sizes.size() != 2) {
        return false;
      }
      boolean rows =
          sizes.get(0) instanceof Argument.Result result
              && values.get(result.name()) instanceof Rows;
      boolean all = sizes.get(1).equals(whole(width));
      return (rows && (all || sizes.get(1).equals(whole(-1))))
          || (all && sizes.get(0).equals(whole(-1)));
    }

    private Optional<Value> clamped() {
      boolean bounded = operator.equals("clamp") && argument(2, "max").isPresent();
      boolean fromZero =
          argument(1, "min").flatMap(Reading::number).filter(n -> n == 0).isPresent();
      return fromZero && !bounded
          ? flat(0).map(p -> gate(p, new LayerSpec.Relu()))
          : Optional.empty();
    }

    private Optional<Value> leaky() {
      double slope =
          argument(1, "negative_slope").map(a -> number(a).orElse(Double.NaN)).orElse(0.01);
      return Double.isFinite(slope)
          ? flat(0).map(p -> gate(p, new LayerSpec.LeakyRelu((float) slope)))
          : Optional.empty();
    }

    private static Optional<Value> prelu(Point p, Optional<Known> slopes) {
      return slopes
          .filter(k -> k.numbers().size() == 1 || k.numbers().size() == p.width())
          .map(k -> gate(p, new LayerSpec.Prelu(k.numbers().tensor(List.of(k.numbers().size())))));
    }

    /** In evaluation mode. */
    private Optional<Value> batchNorm(int epsAt) {
      Optional<Point> input = flat(0);
      int width = input.map(Point::width).orElse(0);
      Optional<Vector> mean = columns(known(argument(3)), width);
      Optional<Vector> variance = columns(known(argument(4)), width);
      Optional<Double> eps = argument(epsAt).flatMap(Reading::number);
      if (input.isEmpty() || mean.isEmpty() || variance.isEmpty() || eps.isEmpty()) {
        return Optional.empty();
      }
      Vector weight = columns(known(argument(1)), width).orElse(Vector.of(width, 1));
      Vector bias = columns(known(argument(2)), width).orElse(Vector.of(width, 0));
      Vector scale =
          Vector.of(width, i -> weight.get(i) / Math.sqrt(variance.get().get(i) + eps.get()));
      Vector shift = bias.plus(mean.get().times(scale).times(-1));
      Value normalised = columns(input.get(), scale, shift);
      return Optional.of(
          operator.equals("batch_norm") ? normalised : new Several(List.of(normalised)));
    }

    private Value columns(Point p, Vector scale, Vector shift) {
      return p.then(
          new Columns(scale, shift, node.operator() + " (" + node.name() + ")"), p.width());
    }

    /** where(x > 0, x, slope·x). */
    private Optional<Value> where() {
      Optional<Point> kept = flat(1);
      Optional<Point> sloped = flat(2);
      boolean positive =
          kept.isPresent()
              && value(0).equals(kept.map(Positive::new).map(p -> (Value) p))
              && sloped.flatMap(p -> p.before).orElse(null) == kept.get();
      if (!positive || !(sloped.get().step.orElseThrow() instanceof Columns columns)) {
        return Optional.empty();
      }
      return columns.shift().isAll(0)
          ? prelu(kept.get(), Optional.of(new Known(List.of(kept.get().width()), columns.scale())))
          : Optional.empty();
    }

    // Sums and products

    private Optional<Value> sum(double sign) {
      if (node.keywords().containsKey("alpha") || argument(2).isPresent()) {
        return Optional.empty();
      }
      return shifted(0, 1, 1, sign)
          .or(() -> shifted(1, 0, sign, 1))
          .or(() -> sign > 0 ? skip() : centred())
          .or(() -> sign > 0 ? withEps() : Optional.empty());
    }

    /** point·scale + sign·constants. */
    private Optional<Value> shifted(int point, int constants, double scale, double sign) {
      return flat(point)
          .flatMap(
              p ->
                  columns(known(argument(constants)), p.width())
                      .map(v -> columns(p, Vector.of(p.width(), scale), v.times(sign))));
    }

    private Optional<Value> reversed() {
      return node.keywords().containsKey("alpha") || argument(2).isPresent()
          ? Optional.empty()
          : shifted(0, 1, -1, 1);
    }

    private Optional<Value> skip() {
      Optional<Point> a = flat(0);
      Optional<Point> b = flat(1);
      if (a.isEmpty() || b.isEmpty() || a.get() == b.get()) {
        return Optional.empty();
      }
      return skip(a.get(), b.get()).or(() -> skip(b.get(), a.get()));
    }

    private static Optional<Value> skip(Point early, Point late) {
      return early.width() == late.width()
          ? steps(late, Optional.of(early)).map(inner -> early.then(new Skip(inner), early.width()))
          : Optional.empty();
    }

    private Optional<Value> times() {
      return scaled(0, 1, 1)
          .or(() -> scaled(1, 0, 1))
          .or(() -> normalised(0, 1, Part.Kind.INVERSE))
          .or(() -> normalised(1, 0, Part.Kind.INVERSE))
          .or(
              () ->
                  part(0)
                      .filter(p -> p.is(Part.Kind.CENTRED) && Optional.of(p).equals(part(1)))
                      .map(p -> p.as(Part.Kind.SQUARE)));
    }

    private Optional<Value> over() {
      return node.keywords().containsKey("rounding_mode")
          ? Optional.empty()
          : scaled(0, 1, -1).or(() -> normalised(0, 1, Part.Kind.DEVIATION));
    }

    /** point·constants^power. */
    private Optional<Value> scaled(int point, int constants, int power) {
      return flat(point)
          .flatMap(
              p ->
                  columns(known(argument(constants)), p.width())
                      .map(v -> Vector.of(v.size(), i -> Math.pow(v.get(i), power)))
                      .map(v -> columns(p, v, Vector.of(p.width(), 0))));
    }

    // Normalisations

    /** The differences to the mean, over or times a deviation without derivative. */
    private Optional<Value> normalised(int centred, int deviation, Part.Kind kind) {
      Optional<Part> x = part(centred).filter(p -> p.is(Part.Kind.CENTRED) && !p.constant());
      Optional<Part> d = part(deviation).filter(p -> p.is(kind) && p.constant());
      if (x.isEmpty() || d.isEmpty() || x.get().of() != d.get().of()) {
        return Optional.empty();
      }
      Point of = x.get().of();
      double factor = d.get().factor();
      Vector scale = Vector.of(of.width(), 1 / Math.sqrt(factor));
      return Optional.of(of.then(new Norm(scale, d.get().eps() / factor), of.width()));
    }

    private Optional<Value> detached() {
      return part(0)
          .map(p -> new Part(p.kind(), p.of(), p.factor(), p.eps(), true))
          .or(() -> flat(0).map(p -> new Part(Part.Kind.COPY, p, 1, 0, true)))
          .map(p -> p);
    }

    /** A point, or its copy without derivative. */
    private Optional<Part> source(int i) {
      return flat(i)
          .map(p -> new Part(Part.Kind.COPY, p, 1, 0, false))
          .or(() -> part(i).filter(p -> p.is(Part.Kind.COPY)));
    }

    private boolean isOverColumns() {
      Argument axes = argument(1, "dim").orElse(new Argument.Nothing());
      boolean last =
          axes.equals(whole(-1))
              || axes.equals(whole(1))
              || axes.equals(new Argument.Items(List.of(whole(-1))))
              || axes.equals(new Argument.Items(List.of(whole(1))));
      int keepAt = node.operator().equals("aten.var.dim") ? 3 : 2;
      return last && isTrue(keepAt, "keepdim");
    }

    private Optional<Value> mean() {
      if (!isOverColumns() || node.keywords().containsKey("dtype")) {
        return Optional.empty();
      }
      return source(0)
          .map(p -> p.as(Part.Kind.MEAN))
          .or(() -> part(0).filter(p -> p.is(Part.Kind.SQUARE)).map(p -> p.as(Part.Kind.VARIANCE)))
          .map(p -> p);
    }

    private Optional<Value> variance() {
      boolean old = node.operator().endsWith(".dim");
      Optional<Argument> given =
          old ? argument(2, "unbiased") : Optional.ofNullable(node.keywords().get("correction"));
      double correction =
          given
              .map(
                  a ->
                      a instanceof Argument.Truth truth
                          ? (truth.value() ? 1.0 : 0.0)
                          : number(a).orElse(Double.NaN))
              .orElse(1.0);
      if (!isOverColumns()) {
        return Optional.empty();
      }
      return source(0)
          .filter(p -> correction >= 0 && correction < p.of().width())
          .map(
              p -> {
                double width = p.of().width();
                double factor = width / (width - correction);
                return new Part(Part.Kind.VARIANCE, p.of(), factor, 0, p.constant());
              });
    }

    private Optional<Value> centred() {
      return source(0)
          .flatMap(
              p ->
                  part(1)
                      .filter(m -> m.is(Part.Kind.MEAN) && m.of() == p.of())
                      .filter(m -> m.constant() == p.constant())
                      .map(m -> p.as(Part.Kind.CENTRED)));
    }

    private Optional<Value> withEps() {
      return part(0)
          .filter(p -> p.is(Part.Kind.VARIANCE))
          .flatMap(
              p ->
                  argument(1)
                      .flatMap(Reading::number)
                      .filter(n -> n >= 0)
                      .map(n -> new Part(p.kind(), p.of(), p.factor(), p.eps() + n, p.constant())));
    }

    private Optional<Value> power() {
      if (isNumber(1, 2)) {
        return part(0).filter(p -> p.is(Part.Kind.CENTRED)).map(p -> p.as(Part.Kind.SQUARE));
      }
      return isNumber(1, 0.5)
          ? root(Part.Kind.DEVIATION)
          : isNumber(1, -0.5) ? root(Part.Kind.INVERSE) : Optional.empty();
    }

    private Optional<Value> root(Part.Kind kind) {
      return part(0).filter(p -> p.is(Part.Kind.VARIANCE)).map(p -> p.as(kind));
    }
  }
}
