/* Finding a style that is in no list: words, the map, chance, variations, the way. */
#include <math.h>
#include <string.h>

#include "harness.h"

#include "app/desktop/style_finder.h"

typedef struct {
    Stage *stage;
    GtkWindow *dialog;
} Finder;

static gboolean is_drawn(gpointer map)
{
    return gtk_widget_get_width(map) > 1;
}

static gboolean is_styled(gpointer stage)
{
    return !pst_look_is_plain(stage_look(stage));
}

static gboolean has_note(gpointer dialog)
{
    return *gtk_label_get_text(GTK_LABEL(find_widget(dialog, "note"))) != '\0';
}

/* The dialog over a sample. Whether the bank has been read is seen by what words do. */
static Finder finder_new(void)
{
    Finder f = { stage_new(1200, 800), NULL };

    stage_open_sample(f.stage);
    stage_activate(f.stage, "win.find-style", NULL);
    f.dialog = find_window("PstFinderDialog");
    g_assert_nonnull(f.dialog);
    spin_until(is_drawn, find_widget(f.dialog, "map"));
    return f;
}

static void finder_free(Finder *f)
{
    stage_rest(f->stage);
    stage_free(f->stage);
}

static void ask(Finder *f, const char *text)
{
    GtkWidget *words = find_widget(f->dialog, "words");

    gtk_editable_set_text(GTK_EDITABLE(words), text);
    for (int i = 0; i < 1000 && !has_note(f->dialog); i++) {
        g_signal_emit_by_name(words, "activate");
        spin_for(20);
    }
    g_signal_emit_by_name(words, "activate");
}

static guint count_children(GtkWidget *widget)
{
    guint count = 0;

    for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child))
        count++;
    return count;
}

static const PstStyle *style_of(Finder *f)
{
    return stage_look(f->stage)->regions[0].styles[0].style;
}

static gboolean answers_are_painted(gpointer dialog)
{
    GtkGrid *answers = GTK_GRID(find_widget(dialog, "answers"));

    for (int i = 0; i < 4; i++) {
        GtkWidget *button = gtk_grid_get_child_at(answers, i, 0);

        if (!gtk_picture_get_paintable(GTK_PICTURE(gtk_button_get_child(GTK_BUTTON(button)))))
            return FALSE;
    }
    return TRUE;
}

static void test_words(void)
{
    Finder f = finder_new();
    GtkWidget *chips = find_widget(f.dialog, "chips");
    float before[PST_STYLE_SIZE];

    ask(&f, "stormy blue sea xyzzy, thick paint");
    g_assert_cmpuint(count_children(chips), ==, 6);
    g_assert_cmpfloat(stage_look(f.stage)->stroke, >, 1);
    g_assert_nonnull(strstr(gtk_label_get_text(GTK_LABEL(find_widget(f.dialog, "note"))), "public domain"));
    stage_rest(f.stage);
    window_screenshot(f.dialog, "finder-words");
    stage_screenshot(f.stage, "finder-words-window");

    memcpy(before, style_of(&f)->statistics, sizeof before);
    click(find_type(chips, "GtkButton"));
    g_assert_cmpuint(count_children(chips), ==, 5);
    g_assert_true(memcmp(before, style_of(&f)->statistics, sizeof before) != 0);
    memcpy(before, style_of(&f)->statistics, sizeof before);
    spin_until(answers_are_painted, f.dialog);
    window_screenshot(f.dialog, "finder-answers");
    click(gtk_grid_get_child_at(GTK_GRID(find_widget(f.dialog, "answers")), 2, 0));
    g_assert_true(memcmp(before, style_of(&f)->statistics, sizeof before) != 0);

    /* It can be undone, at last to the photograph. */
    for (int i = 0; i < 5; i++)
        stage_activate(f.stage, "win.undo", NULL);
    g_assert_true(pst_look_is_plain(stage_look(f.stage)));
    finder_free(&f);
}

static void test_map(void)
{
    Finder f = finder_new();
    GtkWidget *map = find_widget(f.dialog, "map");
    GtkEventController *motion = find_controller(map, GTK_TYPE_EVENT_CONTROLLER_MOTION);
    GtkGesture *press = GTK_GESTURE(find_controller(map, GTK_TYPE_GESTURE_CLICK));
    float before[PST_STYLE_SIZE];
    double x = gtk_widget_get_width(map) / 2.0, y = gtk_widget_get_height(map) / 2.0;

    for (int i = 0; i < 1000 && !is_styled(f.stage); i++) {
        g_signal_emit_by_name(motion, "motion", x + i % 7, y);
        spin_for(20);
    }
    g_assert_true(is_styled(f.stage));
    memcpy(before, style_of(&f)->statistics, sizeof before);
    g_signal_emit_by_name(motion, "motion", x - 60, y - 40);
    g_assert_true(memcmp(before, style_of(&f)->statistics, sizeof before) != 0);

    /* A click holds the place. */
    g_signal_emit_by_name(press, "released", 1, x - 60, y - 40);
    memcpy(before, style_of(&f)->statistics, sizeof before);
    g_signal_emit_by_name(motion, "motion", x + 80, y + 20);
    g_assert_cmpmem(before, sizeof before, style_of(&f)->statistics, sizeof before);
    stage_rest(f.stage);
    window_screenshot(f.dialog, "finder-map");
    g_signal_emit_by_name(find_controller(map, GTK_TYPE_EVENT_CONTROLLER_SCROLL), "scroll", 0.0, -6.0,
                          &(gboolean){ 0 });
    spin_for(100);
    window_screenshot(f.dialog, "finder-map-zoomed");
    finder_free(&f);
}

static void test_artworks(void)
{
    Finder f = finder_new();
    GtkWidget *list = find_widget(f.dialog, "artworks");
    GtkListBoxRow *row;

    ask(&f, "Hokusai");
    gtk_stack_set_visible_child_name(GTK_STACK(find_widget(f.dialog, "stack")), "artworks");
    row = gtk_list_box_get_row_at_index(GTK_LIST_BOX(list), 1);
    g_assert_nonnull(row);
    g_signal_emit_by_name(list, "row-activated", row);
    g_assert_cmpstr(style_of(&f)->artist, ==, "Katsushika Hokusai");
    stage_rest(f.stage);
    spin_until(answers_are_painted, f.dialog);
    window_screenshot(f.dialog, "finder-artworks");
    finder_free(&f);
}

static gboolean has_picture(gpointer grid)
{
    GtkWidget *last = gtk_widget_get_last_child(grid);

    return gtk_picture_get_paintable(GTK_PICTURE(gtk_button_get_child(GTK_BUTTON(last)))) != NULL;
}

static double difference(const float *a, const float *b)
{
    double sum = 0;

    for (int i = 0; i < PST_STYLE_SIZE; i++)
        sum += fabs((double)a[i] - b[i]);
    return sum;
}

static gboolean has_artworks(gpointer dialog)
{
    return gtk_list_box_get_row_at_index(GTK_LIST_BOX(find_widget(dialog, "artworks")), 0) != NULL;
}

/* What the styles have not, the search of the window looks for in the bank. */
static void test_search(void)
{
    Stage *stage = stage_new(1180, 760);
    GtkWidget *page = find_widget(stage->window, "style_page"), *search = find_widget(page, "search"), *row, *facts;
    GtkWindow *dialog;

    stage_open_sample(stage);
    g_assert_false(gtk_widget_get_visible(find_widget(page, "artworks")));
    gtk_editable_set_text(GTK_EDITABLE(search), "rembrandt");
    g_signal_emit_by_name(search, "search-changed");
    stage_screenshot(stage, "search-artworks");
    g_assert_true(gtk_widget_get_visible(find_widget(page, "artworks")));
    g_signal_emit_by_name(search, "activate");
    dialog = find_window("PstFinderDialog");
    g_assert_nonnull(dialog);
    spin_until(has_artworks, dialog);
    row = GTK_WIDGET(gtk_list_box_get_row_at_index(GTK_LIST_BOX(find_widget(dialog, "artworks")), 0));
    facts = gtk_widget_get_last_child(gtk_list_box_row_get_child(GTK_LIST_BOX_ROW(row)));
    g_assert_nonnull(strstr(gtk_label_get_text(GTK_LABEL(facts)), "Rembrandt"));
    stage_rest(stage);
    stage_free(stage);
}

/* A tone that beats, as 16-bit PCM in a WAV file. */
static void write_tone(const char *path, double hertz, double beats)
{
    enum { RATE = 22050, COUNT = 4 * RATE };
    static const guint8 head[] = "RIFF\0\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x22\x56\0\0\x44\xac\0\0\2\0\x10\0data";
    g_autoptr(GByteArray) file = g_byte_array_new();
    guint32 size = GUINT32_TO_LE(2 * COUNT);

    g_byte_array_append(file, head, 40);
    g_byte_array_append(file, (const guint8 *)&size, 4);
    for (int i = 0; i < COUNT; i++) {
        double time = (double)i / RATE, loud = fmod(time * beats, 1) < 0.3 ? 0.9 : 0.02;
        gint16 value = GINT16_TO_LE((gint16)(32000 * loud * sin(2 * G_PI * hertz * time)));

        g_byte_array_append(file, (const guint8 *)&value, 2);
    }
    g_assert_true(g_file_set_contents(path, (const char *)file->data, file->len, NULL));
}

static gboolean is_ready(gpointer finder)
{
    return pst_style_finder_is_ready(finder);
}

static int count_words(PstStyleFinder *finder)
{
    gboolean understood;
    int count = 0;

    while (pst_style_finder_word(finder, count, &understood))
        count++;
    return count;
}

static gboolean has_words(gpointer finder)
{
    return count_words(finder) > 0;
}

/* What a sound is felt to be are words like others: without one it is another painting. */
static void test_sound(void)
{
    Stage *stage = stage_new(1180, 760);
    PstStyleFinder *finder = pst_style_finder_new(stage->service, stage->document);
    g_autofree char *path = scratch_path("tone.wav");
    float before[PST_STYLE_SIZE];
    int count;

    stage_open_sample(stage);
    spin_until(is_ready, finder);
    write_tone(path, 3000, 4);
    pst_style_finder_listen(finder, path);
    spin_until(has_words, finder);
    g_assert_nonnull(strstr(pst_style_finder_note(finder), "interpretation"));
    count = count_words(finder);
    memcpy(before, stage_look(stage)->regions[0].styles[0].style->statistics, sizeof before);
    pst_style_finder_remove_word(finder, 0);
    g_assert_cmpint(count_words(finder), ==, count - 1);
    g_assert_true(memcmp(before, stage_look(stage)->regions[0].styles[0].style->statistics, sizeof before) != 0);
    stage_rest(stage);
    g_clear_object(&finder); /* before the engine */
    stage_free(stage);
}

static void test_variations(void)
{
    Finder f = finder_new();
    GtkWidget *grid = find_widget(f.dialog, "variations");
    float base[PST_STYLE_SIZE], end[PST_STYLE_SIZE];

    ask(&f, "calm golden landscape");
    gtk_stack_set_visible_child_name(GTK_STACK(find_widget(f.dialog, "stack")), "like");
    spin_until(has_picture, grid);
    stage_rest(f.stage);
    window_screenshot(f.dialog, "finder-like");
    memcpy(base, style_of(&f)->statistics, sizeof base);
    click(gtk_widget_get_last_child(grid));
    g_assert_cmpfloat(difference(base, style_of(&f)->statistics), >, 0);
    memcpy(end, style_of(&f)->statistics, sizeof end);
    click(gtk_widget_get_first_child(grid));
    g_assert_cmpfloat(difference(end, style_of(&f)->statistics), >, 0);
    finder_free(&f);
}

static void test_way_and_keep(void)
{
    Stage *stage = stage_new(1200, 800);
    GtkWindow *dialog;
    float found[PST_STYLE_SIZE];
    GtkWidget *way;
    Finder f = { stage, NULL };
    guint own = g_list_model_get_n_items(window_styles(stage->window));

    stage_open_sample(stage);
    stage_pick(stage, 1);
    stage_activate(stage, "win.find-style", NULL);
    f.dialog = dialog = find_window("PstFinderDialog");
    way = find_widget(dialog, "way");
    ask(&f, "red abstract");
    memcpy(found, style_of(&f)->statistics, sizeof found);
    gtk_range_set_value(GTK_RANGE(way), 0.5);
    g_assert_cmpfloat(difference(found, style_of(&f)->statistics), >, 0);
    gtk_range_set_value(GTK_RANGE(way), 1);
    g_assert_cmpfloat(difference(found, style_of(&f)->statistics), <, 1e-3);
    click(find_widget(dialog, "keep"));
    for (int i = 0; i < 500 && g_list_model_get_n_items(window_styles(stage->window)) == own; i++)
        spin_for(20);
    g_assert_cmpuint(g_list_model_get_n_items(window_styles(stage->window)), ==, own + 1);
    gtk_window_destroy(dialog);
    stage_rest(stage);
    stage_free(stage);
}

int main(int argc, char **argv)
{
    if (!harness_init(&argc, &argv)) {
        return 0;
    }
    g_test_add_func("/ui/finder/words", test_words);
    g_test_add_func("/ui/finder/map", test_map);
    g_test_add_func("/ui/finder/artworks", test_artworks);
    g_test_add_func("/ui/finder/search", test_search);
    g_test_add_func("/ui/finder/sound", test_sound);
    g_test_add_func("/ui/finder/variations", test_variations);
    g_test_add_func("/ui/finder/way-and-keep", test_way_and_keep);
    return g_test_run();
}
