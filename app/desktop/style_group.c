#include "style_group.h"

#include <glib/gi18n.h>

/* The best first. Names and movements stand here as in the styles' files, to be translated. */
static const struct {
    const char *id;
    PstStyleGroup group;
    const char *name, *movement, *sentence;
} known[] = {
    { "composition-iv", PST_STYLE_GROUP_BOLD, N_("Composition IV"), N_("Abstract art"),
      N_("Black lines over glowing blue, yellow and red.") },
    { "great-wave", PST_STYLE_GROUP_INK, N_("The Great Wave"), N_("Ukiyo-e"),
      N_("Dark outlines around flat Prussian blue and paper.") },
    { "flower-box", PST_STYLE_GROUP_BOLD, N_("Flower Box at the Window"), N_("Expressionism (Der Blaue Reiter)"),
      N_("Clear warm areas of colour, simply set side by side.") },
    { "starry-night", PST_STYLE_GROUP_TEXTURE, N_("Starry Night"), N_("Post-Impressionism"),
      N_("Everything flows in thick, swirling strokes.") },
    { "nozarashi-gosuke", PST_STYLE_GROUP_INK, N_("Nozarashi Gosuke"), N_("Ukiyo-e"),
      N_("Supple black lines of a brush on warm paper.") },
    { "charing-cross-bridge", PST_STYLE_GROUP_TEXTURE, N_("Charing Cross Bridge"), N_("Fauvism"),
      N_("Rose skies, violet shadows and strokes like bricks.") },
    { "saint-severin", PST_STYLE_GROUP_BOLD, N_("Saint-Séverin"), N_("Orphism / Cubism"),
      N_("Space bends and breaks into facets.") },
    { "rotterdam", PST_STYLE_GROUP_INK, N_("Rotterdam"), N_("Vorticism"),
      N_("A woodcut of hard black and white angles.") },
    { "portrait-of-matisse", PST_STYLE_GROUP_BOLD, N_("Portrait of Henri Matisse"), N_("Fauvism"),
      N_("Ochre light against cold blue shadows.") },
    { "red-madras-headdress", PST_STYLE_GROUP_BOLD, N_("The Red Madras Headdress"), N_("Fauvism"),
      N_("Teal, vermilion and cream in broad dark contours.") },
    { "wally", PST_STYLE_GROUP_INK, N_("Wally Neuzil"), N_("Expressionism"), N_("Nervous lines and earthy washes.") },
    { "city-rises", PST_STYLE_GROUP_TEXTURE, N_("The City Rises"), N_("Futurism"), N_("Threads of colour in motion.") },
    { "composition-vii", PST_STYLE_GROUP_BOLD, N_("Composition VII"), N_("Abstract art"),
      N_("Bright colours that burst out of their outlines.") },
    { "red-balloon", PST_STYLE_GROUP_BOLD, N_("Red Balloon"), N_("Abstract art (Bauhaus)"),
      N_("Warm blocks of colour on rough ground.") },
    { "red-and-blue-horse", PST_STYLE_GROUP_BOLD, N_("Red and Blue Horse"), N_("Expressionism (Der Blaue Reiter)"),
      N_("Red, yellow and violet, cut by dark lines.") },
    { "alice", PST_STYLE_GROUP_INK, N_("Alice in Wonderland"), N_("Victorian illustration"),
      N_("A wood engraving: fine hatching in black.") },
    { "lotus-boat", PST_STYLE_GROUP_INK, N_("Boat among Lotus Leaves"), N_("Ukiyo-e"),
      N_("Indigo and sea green on cream, with a touch of red.") },
    { "early-spring", PST_STYLE_GROUP_INK, N_("Early Spring"), N_("Chinese ink painting"),
      N_("Ink washes on brown silk.") },
    { "temeraire", PST_STYLE_GROUP_SOFT, N_("The Fighting Temeraire"), N_("Romanticism"),
      N_("Glowing haze of an evening at sea.") },
    { "scream", PST_STYLE_GROUP_BOLD, N_("The Scream"), N_("Expressionism"),
      N_("Long restless bands of orange and blue.") },
    { "parasol", PST_STYLE_GROUP_SOFT, N_("Woman with a Parasol"), N_("Impressionism"),
      N_("Short light touches, as if painted outdoors in wind.") },
    { "kajikazawa", PST_STYLE_GROUP_INK, N_("Kajikazawa in Kai"), N_("Ukiyo-e"), N_("A print in shades of blue.") },
    { "mont-sainte-victoire", PST_STYLE_GROUP_TEXTURE, N_("Mont Sainte-Victoire"), N_("Post-Impressionism"),
      N_("Patches of slanted strokes build the forms.") },
    { "pearl-earring", PST_STYLE_GROUP_SOFT, N_("Girl with a Pearl Earring"), N_("Dutch Golden Age (Baroque)"),
      N_("Dark ground and soft, even light.") },
    { "grande-jatte", PST_STYLE_GROUP_TEXTURE, N_("La Grande Jatte"), N_("Pointillism"),
      N_("Dots of pure colour that mix in the eye.") },
    { "trellis", PST_STYLE_GROUP_TEXTURE, N_("Trellis"), N_("Arts and Crafts"),
      N_("A wallpaper of leaves and flowers.") },
    { "mosaic", PST_STYLE_GROUP_TEXTURE, N_("Pompeii Mosaic"), N_("Roman mosaic"),
      N_("Small stones, laid in rows along the forms.") },
    { "wanderer", PST_STYLE_GROUP_SOFT, N_("Wanderer above the Sea of Fog"), N_("Romanticism"),
      N_("Cool mist and fine, smooth brushwork.") },
    { "court-of-gayumars", PST_STYLE_GROUP_BOLD, N_("The Court of Gayumars"), N_("Persian miniature"),
      N_("Jewel colours in tiny detail.") },
    { "de-stijl", PST_STYLE_GROUP_BOLD, N_("Red, Blue and Yellow"), N_("Abstract art (De Stijl)"),
      N_("Primary colours in black frames.") },
    { "kiss", PST_STYLE_GROUP_BOLD, N_("The Kiss"), N_("Art Nouveau (Vienna Secession)"),
      N_("Gold, spirals and small ornaments.") },
};

static int find(const char *id)
{
    for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
        if (g_str_equal(known[i].id, id)) {
            return (int)i;
        }
    }
    return -1;
}

PstStyleGroup pst_style_group(const char *id)
{
    int index = find(id);

    return index < 0 ? PST_STYLE_GROUP_NONE : known[index].group;
}

const char *pst_style_group_title(PstStyleGroup group)
{
    static const char *const titles[] = { N_("Bold colour"), N_("Ink and woodcut"), N_("Soft light"), N_("Texture") };

    return _(titles[group]);
}

int pst_style_rank(const char *id)
{
    return find(id) + 1;
}

const char *pst_style_sentence(const char *id)
{
    int index = find(id);

    return index < 0 ? NULL : _(known[index].sentence);
}

const char *pst_style_text(const char *text)
{
    return text && *text ? _(text) : text; /* gettext has something else to say of "" */
}
