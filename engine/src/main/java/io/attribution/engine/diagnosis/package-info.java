/** What a diagnosis found when f(e) = J(e)·e no longer holds. */
@NullMarked
package io.attribution.engine.diagnosis;

import org.jspecify.annotations.NullMarked;
