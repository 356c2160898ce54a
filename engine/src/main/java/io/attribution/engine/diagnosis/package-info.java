/** What probably broke when f(e) = J(e)·e no longer holds, found by asking the loaded encoder. */
@NullMarked
package io.attribution.engine.diagnosis;

import org.jspecify.annotations.NullMarked;
