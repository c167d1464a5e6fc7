#define _GNU_SOURCE /* O_TMPFILE */
#include "scratch_file.h"

#include "error.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

/* Resident pages are dropped after so many bytes. */
static const guint64 RESIDENT = (guint64)32 << 20;

static int open_nameless(const char *folder)
{
    if (g_mkdir_with_parents(folder, 0700) != 0)
        return -1;
    int fd = open(folder, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0)
        return fd;
    g_autofree char *path = g_build_filename(folder, ".pastiche-XXXXXX", NULL);
    fd = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0)
        unlink(path);
    return fd;
}

/* A file of `size` allocated bytes, or -1 with errno. */
static int open_file(guint64 size)
{
    g_autofree char *cache = g_build_filename(g_get_user_cache_dir(), "pastiche", NULL);
    const char *folders[] = { cache, g_get_tmp_dir() };
    int failure = EIO;
    for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
        int fd = open_nameless(folders[i]);
        if (fd < 0) {
            failure = errno;
            continue;
        }
        do
            failure = posix_fallocate(fd, 0, (off_t)size);
        while (failure == EINTR);
        if (failure == 0)
            return fd;
        close(fd);
    }
    errno = failure;
    return -1;
}

static void set_error(GError **error, guint64 size, const char *name, int failure)
{
    gboolean full = failure == ENOSPC || failure == EDQUOT || failure == EFBIG;
    if (failure == ENOMEM)
        pst_picture_set_error(error, PST_PICTURE_ERROR_MEMORY, name, "not enough memory");
    else
        pst_picture_set_error(error, full ? PST_PICTURE_ERROR_NO_SPACE : PST_PICTURE_ERROR_IO, name,
                              "needs %.1f GB of temporary room in %s (%s)", (double)size / 1e9, g_get_user_cache_dir(),
                              g_strerror(failure));
}

PstScratchFile *pst_scratch_file_new(guint64 size, const char *name, GError **error)
{
    PstScratchFile *scratch = g_new0(PstScratchFile, 1);
    scratch->size = size;
    scratch->on_disk = size > PST_SCRATCH_FILE_MEMORY;
    int fd = -1;
    if (scratch->on_disk && (size > G_MAXSSIZE || (fd = open_file(size)) < 0)) {
        set_error(error, size, name, size > G_MAXSSIZE ? EFBIG : errno);
        g_free(scratch);
        return NULL;
    }
    scratch->data = mmap(NULL, MAX(size, 1), PROT_READ | PROT_WRITE,
                         scratch->on_disk ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS, fd, 0);
    int failure = errno;
    if (fd >= 0)
        close(fd); /* the mapping keeps the file */
    if (scratch->data == MAP_FAILED) {
        set_error(error, size, name, failure);
        g_free(scratch);
        return NULL;
    }
    return scratch;
}

void pst_scratch_file_touch(PstScratchFile *scratch, guint64 bytes)
{
    scratch->touched += bytes;
    if (!scratch->on_disk || scratch->touched < RESIDENT)
        return;
    scratch->touched = 0;
    madvise(scratch->data, scratch->size, MADV_DONTNEED);
}

guint64 pst_scratch_file_memory(guint64 size)
{
    return size <= PST_SCRATCH_FILE_MEMORY ? size : RESIDENT;
}

static gpointer unmap(gpointer data)
{
    PstScratchFile *scratch = data;
    munmap(scratch->data, MAX(scratch->size, 1));
    g_free(scratch);
    return NULL;
}

void pst_scratch_file_free(PstScratchFile *scratch)
{
    if (!scratch)
        return;
    /* Freeing gigabytes takes the kernel long; a cancel must not wait for it. */
    if (scratch->on_disk)
        g_thread_unref(g_thread_new("spill", unmap, scratch));
    else
        unmap(scratch);
}
