/* What a picture shows, as numbers: means of the frozen encoder's relu3_4 and relu4_4 over the quarters of the picture,
 * shrunk to a short side of PST_DESCRIPTOR_SIDE. */
#pragma once

#include "engine/base/thread_pool.h"
#include "engine/network/model.h"
#include "engine/picture/picture.h"

#define PST_DESCRIPTOR_SIDE 160
#define PST_DESCRIPTOR_SIZE (4 * (64 + 128))

/** Describes a picture, transparent parts on white; or, where `mirrored`, its mirror image. Pictures longer than four
 *  times their short side are looked at in the middle. FALSE when cancelled, without memory, or where the network's
 *  weights can't be read. */
gboolean pst_describe(const PstModel *model, PstThreadPool *pool, const PstPicture *picture, gboolean mirrored,
                      float descriptor[PST_DESCRIPTOR_SIZE], GCancellable *cancellable, GError **error);
