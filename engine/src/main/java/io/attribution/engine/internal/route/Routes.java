package io.attribution.engine.internal.route;

import io.attribution.engine.attribution.Attributions;
import io.attribution.engine.attribution.ResultSelection;
import io.attribution.engine.attribution.Route;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.internal.jacobian.Engines;
import io.attribution.engine.internal.jacobian.JacobianEngine;
import io.attribution.engine.internal.jacobian.Kernel;
import io.attribution.engine.internal.path.PathIntegral;
import io.attribution.engine.method.ContributionMethod;
import io.attribution.engine.runtime.EngineKind;
import java.util.Optional;
import java.util.function.IntFunction;

/** Opens the fastest route that an engine has. */
public final class Routes {
  private Routes() {}

  /**
   * The engine's compiled route, else the steps one by one.
   *
   * @param engine the encoder; stays the caller's to close, after the route
   * @param plan the method
   * @param checkInterval a compiled route is compared with its layers one by one every N batches; 0
   *     for never
   */
  public static Route of(
      ModelBundle bundle,
      JacobianEngine engine,
      ResultSelection selection,
      MethodPlan plan,
      int checkInterval) {
    if (plan.method().hasPath()) {
      PathIntegral integral =
          new PathIntegral(engine, plan.ruleNodes(), plan.tolerance(), plan.maxNodes());
      return new PathRoute(bundle, engine, selection, plan, integral);
    }
    boolean affine = plan.method() == ContributionMethod.AFFINE;
    Optional<Kernel> kernel =
        engine.compile(selection.contributions(), selection.reduction(), affine);
    if (kernel.isEmpty()) {
      return new SteppedRoute(bundle, engine, selection, plan, false);
    }
    Route compiled = new CompiledRoute(kernel.get(), bundle.outputCount(), bundle.featureCount());
    return checkInterval == 0
        ? compiled
        : guarded(
            compiled,
            layerwise(bundle, engine, selection, plan),
            bundle,
            selection,
            plan.method(),
            checkInterval);
  }

  private static Route layerwise(
      ModelBundle bundle, JacobianEngine engine, ResultSelection selection, MethodPlan plan) {
    return new SteppedRoute(
        bundle, Engines.open(bundle, EngineKind.LAYERWISE, engine.device()), selection, plan, true);
  }

  private static Route guarded(
      Route fast,
      Route slow,
      ModelBundle bundle,
      ResultSelection selection,
      ContributionMethod method,
      int interval) {
    IntFunction<Attributions> allocate =
        rows ->
            Attributions.allocate(
                rows, bundle.outputCount(), bundle.featureCount(), selection, method);
    return new GuardedRoute(
        fast, slow, new RowComparison(fast, slow, bundle.preprocessing(), allocate), interval);
  }
}
