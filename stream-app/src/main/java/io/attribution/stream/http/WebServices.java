package io.attribution.stream.http;

import io.attribution.stream.live.LiveState;
import io.attribution.stream.monitoring.Monitoring;
import io.attribution.stream.ondemand.ExplainQueue;
import io.attribution.stream.ondemand.InputLookup;
import io.attribution.stream.ondemand.InputSearch;
import io.attribution.stream.serde.FeatureDecoder;
import java.util.List;

/**
 * What the server needs of the application. The caller closes all of it.
 *
 * @param models at least one
 * @param defaultModel the model of requests that name none
 * @param reduction how contributions become one number: l2, normalized, signed
 */
public record WebServices(
    List<ServedModel> models,
    String defaultModel,
    String reduction,
    LiveState live,
    StreamHealth health,
    Monitoring monitoring,
    ExplainQueue queue,
    FeatureDecoder decoder,
    InputLookup lookup,
    InputSearch search) {}
