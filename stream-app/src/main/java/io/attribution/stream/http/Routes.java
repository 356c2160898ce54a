package io.attribution.stream.http;

import io.attribution.stream.models.Explainers;
import io.attribution.stream.models.RecordCheck;
import io.attribution.stream.monitoring.Monitoring;
import java.util.ArrayList;
import java.util.List;

/** Every operation of the API, in the order of matching. */
final class Routes {
  private static final String OPENAPI = "/openapi.json";

  private Routes() {}

  static List<Route> of(
      WebServices services,
      Operations operations,
      EventHub hub,
      int maxRows,
      AsyncResponses responses) {
    ModelCatalog models = new ModelCatalog(services.models(), services.defaultModel());
    List<Route> routes = new ArrayList<>();
    routes.addAll(new HealthRoutes(services.health()).routes());
    routes.add(metrics(services.monitoring()));
    routes.add(openApi());
    routes.addAll(new LiveRoutes(services.live(), models).routes());
    routes.addAll(explanations(services, responses).routes());
    routes.add(
        new CountedExplain(
                new ExplainRoute(models, services.queue(), maxRows, responses).route(),
                services.monitoring())
            .route());
    routes.add(
        Route.get("/api/v1/operations", context -> Responses.json(context, operations.json())));
    routes.add(new EventRoute(hub, models).route());
    return routes;
  }

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
    byte[] document = Assets.read(OPENAPI);
    return Route.get(OPENAPI, context -> Responses.json(context, document));
  }
}
