/**
 * Coordination through a folder that all nodes share: numbered files, each created by one node at most. A process that is
 * frozen in the middle of anything blocks nobody.
 */
@NullMarked
package dev.kvstore.node.coordination.folder;

import org.jspecify.annotations.NullMarked;
