/* The Yule-Nielsen modified Neugebauer equations: where inks overlap at random, each of the sixteen
 * combinations of the four inks covers a share of the paper that is the product of the single
 * shares (Demichel), and reflectances mix with the power 1/n, which stands for the light that
 * spreads in the paper. (J. A. C. Yule, W. J. Nielsen, "The penetration of light into paper and its
 * effect on halftone reproduction", TAGA 1951; J. A. S. Viggiano, "The color of halftone tints",
 * TAGA 1985.) The usual 1 - ink gives colours that no press prints. */
#include "cmyk_profile.h"

#include <math.h>

enum { GRID = 13, WHITE = 0, BLACK_INK = 8 };

static const double YULE_NIELSEN = 2;
static const double DARKEST = 9; /* L* of all four inks; becomes black */

/* L*, a*, b* of the paper and the solid inks of ISO 12647-2 on coated paper. Bit 0 of the index is
 * cyan, bit 1 magenta, bit 2 yellow; [8] is black ink alone. */
static const cmsCIELab SOLIDS[9] = {
    { 95, 0, -2 },   { 55, -37, -50 }, { 48, 74, -3 }, { 24, 17, -46 }, { 89, -5, 93 },
    { 50, -65, 27 }, { 47, 68, 48 },   { 23, 0, 0 },   { 16, 0, 0 },
};

typedef struct {
    double roots[16][3]; /* (XYZ relative to the paper) to the power 1/n */
} Press;

static void relative_xyz(const cmsCIELab *lab, double xyz[3])
{
    cmsCIEXYZ paper, ink, darkest;
    cmsCIELab darkest_lab = { DARKEST, 0, 0 };
    cmsLab2XYZ(NULL, &paper, &SOLIDS[WHITE]);
    cmsLab2XYZ(NULL, &ink, lab);
    cmsLab2XYZ(NULL, &darkest, &darkest_lab);
    const double of_ink[3] = { ink.X, ink.Y, ink.Z };
    const double of_paper[3] = { paper.X, paper.Y, paper.Z };
    const double of_darkest[3] = { darkest.X, darkest.Y, darkest.Z };
    for (int i = 0; i < 3; i++)
        xyz[i] = fmax(0, (of_ink[i] - of_darkest[i]) / (of_paper[i] - of_darkest[i]));
}

static void set_up(Press *press)
{
    double black[3];
    relative_xyz(&SOLIDS[BLACK_INK], black);
    for (int inks = 0; inks < 16; inks++) {
        double xyz[3];
        relative_xyz(&SOLIDS[inks & 7], xyz);
        for (int i = 0; i < 3; i++) {
            /* Black ink is a filter over the others. */
            double value = inks & BLACK_INK ? xyz[i] * black[i] : xyz[i];
            press->roots[inks][i] = pow(value, 1 / YULE_NIELSEN);
        }
    }
}

static cmsInt32Number sample(const cmsUInt16Number in[], cmsUInt16Number out[], void *data)
{
    const Press *press = data;
    double mix[3] = { 0 };
    for (int inks = 0; inks < 16; inks++) {
        double share = 1;
        for (int i = 0; i < 4; i++) {
            double ink = in[i] / 65535.0;
            share *= inks & 1 << i ? ink : 1 - ink;
        }
        for (int i = 0; i < 3; i++)
            mix[i] += share * press->roots[inks][i];
    }
    const cmsCIEXYZ *white = cmsD50_XYZ();
    cmsCIEXYZ xyz = { pow(mix[0], YULE_NIELSEN) * white->X, pow(mix[1], YULE_NIELSEN) * white->Y,
                      pow(mix[2], YULE_NIELSEN) * white->Z };
    cmsCIELab lab;
    cmsXYZ2Lab(NULL, &lab, &xyz);
    cmsFloat2LabEncoded(out, &lab);
    return TRUE;
}

cmsHPROFILE pst_cmyk_profile_profile(cmsContext context)
{
    Press press;
    set_up(&press);
    cmsHPROFILE profile = cmsCreateProfilePlaceholder(context);
    cmsPipeline *pipeline = cmsPipelineAlloc(context, 4, 3);
    cmsStage *table = cmsStageAllocCLut16bit(context, GRID, 4, 3, NULL);
    gboolean done = FALSE;
    if (profile && pipeline && table && cmsStageSampleCLut16bit(table, sample, &press, 0) &&
        cmsPipelineInsertStage(pipeline, cmsAT_BEGIN, table)) {
        table = NULL; /* the pipeline's now */
        cmsSetProfileVersion(profile, 4.3);
        cmsSetDeviceClass(profile, cmsSigOutputClass);
        cmsSetColorSpace(profile, cmsSigCmykData);
        cmsSetPCS(profile, cmsSigLabData);
        done = cmsWriteTag(profile, cmsSigAToB0Tag, pipeline);
    }
    if (table)
        cmsStageFree(table);
    if (pipeline)
        cmsPipelineFree(pipeline);
    if (!done && profile) {
        cmsCloseProfile(profile);
        profile = NULL;
    }
    return profile;
}
