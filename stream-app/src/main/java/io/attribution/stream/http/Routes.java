package io.attribution.stream.http;

import io.attribution.stream.models.Explainers;
import io.attribution.stream.models.RecordCheck;
import io.attribution.stream.monitoring.Monitoring;
import java.util.ArrayList;
import java.util.List;

/** Every operation of the API, in the order of matching. */
final class Routes {
  private Routes() {}

  static List<Route> of(
      WebServices services, Operations operations, EventHub hub, RouteLimits limits) {
    ModelCatalog models = new ModelCatalog(services.models(), services.defaultModel());
    List<Route> routes = new ArrayList<>();
    new HealthRoutes(services.health())
        .routes().stream().map(route -> route.with(Access.OPEN)).forEach(routes::add);
    routes.add(metrics(services.monitoring()).with(Access.OPERATE));
    routes.add(openApi());
    routes.addAll(new LiveRoutes(services.live(), models).routes());
    routes.addAll(explanations(services, limits.responses()).routes());
    routes.add(new ExplainRoute(models, services, limits).route());
    routes.add(
        Route.get("/api/v1/operations", context -> Responses.json(context, operations.json())));
    routes.add(new EventRoute(hub, models).route());
    return routes;
  }

  /**
   * @param maxRows of one request
   * @param pace how fast its body must come
   */
  record RouteLimits(int maxRows, IncomingBody.Pace pace, AsyncResponses responses) {}

  private static ExplanationRoutes explanations(WebServices services, AsyncResponses responses) {
    Explainers explainers =
        new Explainers(
            services.models().stream().map(ServedModel::explainer).toList(),
            services.defaultModel());
    return new ExplanationRoutes(
        services.lookup(),
        services.search(),
        services.decoder(),
        new RecordCheck(services.decoder(), explainers),
        services.queue(),
        services.reduction(),
        responses);
  }

  private static Route metrics(Monitoring monitoring) {
    return Route.get(
        "/metrics",
        context -> context.contentType(Monitoring.CONTENT_TYPE).result(monitoring.scrape()));
  }

  private static Route openApi() {
    byte[] document = Assets.read(Contract.RESOURCE);
    return Route.get(Contract.RESOURCE, context -> Responses.json(context, document));
  }
}
