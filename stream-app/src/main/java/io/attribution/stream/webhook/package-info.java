/** Delivery of alerts from the topic to the receiver of a webhook. */
@NullMarked
package io.attribution.stream.webhook;

import org.jspecify.annotations.NullMarked;
