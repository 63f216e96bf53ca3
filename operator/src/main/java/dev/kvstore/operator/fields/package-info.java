/** Who wrote which field of an object, by the record that Kubernetes keeps. */
@NullMarked
package dev.kvstore.operator.fields;

import org.jspecify.annotations.NullMarked;
