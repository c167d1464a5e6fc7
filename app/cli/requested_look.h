/* The look that a command line asks for: recipe, styles and options together. */
#pragma once

#include "report.h"
#include "stylize_request.h"

#include "engine/network/model.h"
#include "engine/picture/inputs.h"

typedef struct {
    const PstStylizeRequest *request;
    PstReport *report;    /* of what is wrong or odd */
    PstLook *look;        /* owned */
    GPtrArray *styles;    /* of PstStyleArgument; owned */
    double style_seconds; /* that pictures took to be encoded */
} PstRequestedLook;

/** Reads the recipe and finds the styles. `asked` is overwritten; request and report are borrowed. FALSE when one of
 *  them can't be used, which was reported. */
gboolean pst_requested_look_begin(PstRequestedLook *asked, const PstStylizeRequest *request, PstReport *report);

/** Adds the files that the look is from, recipe and styles, which no output may replace. */
void pst_requested_look_add_inputs(const PstRequestedLook *asked, PstInputs *inputs);

/** Works out the styles of pictures and puts all into the look, ready to paint. */
gboolean pst_requested_look_complete(PstRequestedLook *asked, const PstModel *model, PstThreadPool *pool,
                                     GCancellable *cancellable, GError **error);

void pst_requested_look_clear(PstRequestedLook *asked);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PstRequestedLook, pst_requested_look_clear)
