/**
 * Watches whether explanations can still be trusted. Two kinds of alarm stay separate: linearity
 * error (the deployment is broken) and attribution drift (the data or the world moved).
 */
@NullMarked
package io.attribution.drift;

import org.jspecify.annotations.NullMarked;
