/** Rules that name the cause when f(e) = J(e)·e no longer holds. */
@NullMarked
package io.attribution.engine.internal.diagnosis;

import org.jspecify.annotations.NullMarked;
