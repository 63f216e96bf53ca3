/** The program: takes a command line, finds its command, and turns whatever comes of it into text and an exit code. */
@NullMarked
package dev.kvstore.cli;

import org.jspecify.annotations.NullMarked;
