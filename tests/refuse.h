/* Large blocks of memory that a test's program is refused: of a megabyte or more, whoever asks for them. */
#pragma once

/** From now on block number `block`, counted from 1, is refused; 0: none. Returns how many were asked for since the
 *  last call. */
int refuse(int block);
