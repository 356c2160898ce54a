/** What the topics told lately, in bounded memory, for people who look. */
@NullMarked
package io.attribution.stream.live;

import org.jspecify.annotations.NullMarked;
