package io.attribution.engine.internal.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes operators that change their argument as those that do not. A derivative needs what an
 * argument was; and where nobody else has the changed array, both mean the same.
 */
final class InPlace {
  private final Dependence dependence;

  InPlace(Dependence dependence) {
    this.dependence = dependence;
  }

  /**
   * @throws UnknownDerivativeException when an argument that is changed is used elsewhere too, or
   *     may share its memory
   */
  List<Call> removed(List<Call> calls) {
    Map<String, Integer> uses = new HashMap<>();
    Map<String, Call> named = new HashMap<>();
    for (Call call : calls) {
      call.arguments().values().stream()
          .flatMap(Call::results)
          .forEach(name -> uses.merge(name, 1, Integer::sum));
      named.put(call.node().name(), call);
    }
    return calls.stream().map(call -> removed(call, uses, named)).toList();
  }

  private Call removed(Call call, Map<String, Integer> uses, Map<String, Call> named) {
    if (!call.operator().map(Operator::inPlace).orElse(false)
        || dependence.isFolded(call.node().name())) {
      return call;
    }
    Optional<Operator> other = call.operator().flatMap(Operators::outOfPlace);
    boolean alone =
        Call.results(call.given("self"))
            .allMatch(name -> uses.getOrDefault(name, 0) == 1 && isOwnMemory(named.get(name)));
    if (other.isEmpty() || !alone) {
      throw new UnknownDerivativeException(call.node());
    }
    return new Call(call.node(), other, call.arguments(), call.place());
  }

  /** Whether what a call returns shares memory with nothing. The input is given for this call. */
  private static boolean isOwnMemory(@Nullable Call call) {
    return call == null || call.operator().map(o -> !o.isView()).orElse(false);
  }
}
