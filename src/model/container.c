/* The container. Reading trusts nothing: every number is compared with the file's size before it is
 * used, and the hash over header and table makes a flipped bit anywhere visible, since the table
 * holds the hash of each section. */
#include "model/container.h"

#include <string.h>

#include "base/fault.h"
#include "base/reader.h"
#include "base/sha256.h"
#include "base/strings.h"
#include "base/writer.h"

/* As PNG does: a byte that is no text, a name, and a line end that text conversion would break. */
static const uint8_t MAGIC[8] = {0x89, 'V', 'I', 'T', 'R', 'I', 'N', '\n'};

enum {
    AT_VERSION = 8,
    AT_KIND = 12,
    AT_ABI = 16,
    AT_SECTIONS = 20,
    AT_SIZE = 24,
    AT_CONTENT = 32,
    AT_PARENT = 40,
    AT_HASH = 72,
    AT_ZERO = 104,
    ENTRY_OFFSET = 8,
    ENTRY_SIZE = 16,
    ENTRY_HASH = 24,
    ENTRY_ZERO = 56
};

static uint64_t aligned(uint64_t n)
{
    return (n + VITRINE_SECTION_ALIGN - 1) & ~(uint64_t)(VITRINE_SECTION_ALIGN - 1);
}

static bool all_zero(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != 0) return false;
    return true;
}

/* SHA-256 over the header, its hash field taken as zeros, and the section table. */
static void hash_head(const uint8_t *bytes, uint32_t sections, uint8_t digest[32])
{
    static const uint8_t zeros[32] = {0};
    vitrine_sha256 sha;
    vitrine_sha256_init(&sha);
    vitrine_sha256_update(&sha, bytes, AT_HASH);
    vitrine_sha256_update(&sha, zeros, sizeof zeros);
    vitrine_sha256_update(&sha, bytes + AT_ZERO,
                          VITRINE_HEADER_SIZE - AT_ZERO + (size_t)sections * VITRINE_ENTRY_SIZE);
    vitrine_sha256_final(&sha, digest);
}

vitrine_section vitrine_container_section(const vitrine_container *container, uint32_t index)
{
    const uint8_t *entry = container->bytes + VITRINE_HEADER_SIZE + (size_t)index * VITRINE_ENTRY_SIZE;
    vitrine_reader in = {entry, entry + VITRINE_ENTRY_SIZE, true};
    vitrine_section section;
    section.id = vitrine_read_u32(&in);
    (void)vitrine_read_u32(&in);
    section.offset = (size_t)vitrine_read_u64(&in);
    section.size = (size_t)vitrine_read_u64(&in);
    section.bytes = container->bytes + section.offset;
    return section;
}

bool vitrine_container_find(const vitrine_container *container, uint32_t id, vitrine_section *section)
{
    for (uint32_t i = 0; i < container->sections; i++) {
        *section = vitrine_container_section(container, i);
        if (section->id == id) return true;
    }
    memset(section, 0, sizeof *section);
    return false;
}

/* Sections follow each other in file order, each at the next multiple of 64 after the one before,
 * zeros between; ids are distinct. */
static vitrine_status check_table(const vitrine_container *container, vitrine_fault *fault)
{
    const uint8_t *bytes = container->bytes;
    uint64_t end = VITRINE_HEADER_SIZE + (uint64_t)container->sections * VITRINE_ENTRY_SIZE;
    for (uint32_t i = 0; i < container->sections; i++) {
        const uint64_t at = VITRINE_HEADER_SIZE + (uint64_t)i * VITRINE_ENTRY_SIZE;
        vitrine_reader in = {bytes + at, bytes + at + VITRINE_ENTRY_SIZE, true};
        const uint32_t id = vitrine_read_u32(&in), zero = vitrine_read_u32(&in);
        const uint64_t offset = vitrine_read_u64(&in), size = vitrine_read_u64(&in);
        const uint64_t start = aligned(end);
        if (zero != 0 || !all_zero(bytes + at + ENTRY_ZERO, 8))
            return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "reserved", at, zero, 0);
        if (offset != start)
            return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "section offset", at + ENTRY_OFFSET,
                                  offset, start);
        if (offset > container->size || size > container->size - offset)
            return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "section size", at + ENTRY_SIZE, size,
                                  container->size);
        for (uint32_t j = 0; j < i; j++)
            if (vitrine_container_section(container, j).id == id)
                return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "section id", at, id, 0);
        if (!all_zero(bytes + end, (size_t)(start - end)))
            return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "padding", end, 1, 0);
        end = offset + size;
    }
    if (aligned(end) != container->size)
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "file size", AT_SIZE, container->size,
                              aligned(end));
    if (!all_zero(bytes + end, (size_t)(container->size - end)))
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "padding", end, 1, 0);
    return VITRINE_OK;
}

vitrine_status vitrine_container_open(vitrine_container *container, const void *bytes, size_t size,
                                      uint32_t kind, vitrine_fault *fault)
{
    const uint8_t *file = bytes;
    memset(container, 0, sizeof *container);
    if (file == NULL || ((uintptr_t)file & (VITRINE_SECTION_ALIGN - 1)) != 0)
        return vitrine_refuse(fault, VITRINE_BAD_ARGUMENT, "bytes", 0, (uintptr_t)file & 63u, 0);
    if (size < VITRINE_HEADER_SIZE) {
        const bool begins = size >= sizeof MAGIC && vitrine_bytes_order(file, MAGIC, sizeof MAGIC) == 0;
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, begins ? "header" : "magic", 0, size,
                              VITRINE_HEADER_SIZE);
    }
    if (vitrine_bytes_order(file, MAGIC, sizeof MAGIC) != 0)
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "magic", 0, file[0], MAGIC[0]);

    vitrine_reader in = {file + AT_VERSION, file + VITRINE_HEADER_SIZE, true};
    const uint32_t version = vitrine_read_u32(&in), its_kind = vitrine_read_u32(&in);
    const uint32_t abi = vitrine_read_u32(&in), sections = vitrine_read_u32(&in);
    const uint64_t total = vitrine_read_u64(&in), content = vitrine_read_u64(&in);

    if (version != VITRINE_FORMAT_VERSION)
        return vitrine_refuse(fault, VITRINE_BAD_VERSION, "format version", AT_VERSION, version,
                              VITRINE_FORMAT_VERSION);
    if (its_kind < VITRINE_KIND_MODEL || its_kind > VITRINE_KIND_PROFILE ||
        (kind != 0 && its_kind != kind))
        return vitrine_refuse(fault, VITRINE_BAD_VERSION, "kind", AT_KIND, its_kind, kind);
    if (abi != VITRINE_FORMAT_ABI)
        return vitrine_refuse(fault, VITRINE_BAD_VERSION, "abi", AT_ABI, abi, VITRINE_FORMAT_ABI);
    if (sections == 0 || sections > VITRINE_MAX_SECTIONS)
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "sections", AT_SECTIONS, sections,
                              VITRINE_MAX_SECTIONS);
    if (total != size || total > VITRINE_MAX_FILE)
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "file size", AT_SIZE, size, total);
    if (size < VITRINE_HEADER_SIZE + (size_t)sections * VITRINE_ENTRY_SIZE)
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "section table", VITRINE_HEADER_SIZE, size,
                              VITRINE_HEADER_SIZE + (size_t)sections * VITRINE_ENTRY_SIZE);
    if (!all_zero(file + AT_ZERO, VITRINE_HEADER_SIZE - AT_ZERO))
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "reserved", AT_ZERO, 1, 0);

    const vitrine_container view = {file,    size,          its_kind,        sections,
                                    content, file + AT_PARENT, file + AT_HASH};
    uint8_t digest[32];
    hash_head(file, sections, digest);
    if (vitrine_bytes_order(digest, view.hash, sizeof digest) != 0)
        return vitrine_refuse(fault, VITRINE_BAD_CHECKSUM, "header hash", AT_HASH, view.hash[0],
                              digest[0]);
    const vitrine_status status = check_table(&view, fault);
    if (status == VITRINE_OK) *container = view;
    return status;
}

vitrine_status vitrine_container_verify(const vitrine_container *container, const uint8_t *sums,
                                        vitrine_fault *fault)
{
    for (uint32_t i = 0; i < container->sections; i++) {
        const vitrine_section section = vitrine_container_section(container, i);
        const uint8_t *told = container->bytes + VITRINE_HEADER_SIZE +
                              (size_t)i * VITRINE_ENTRY_SIZE + ENTRY_HASH;
        uint8_t digest[32];
        const uint8_t *found = sums != NULL ? sums + (size_t)i * sizeof digest : digest;
        if (sums == NULL) vitrine_sha256_of(section.bytes, section.size, digest);
        if (vitrine_bytes_order(found, told, sizeof digest) != 0)
            return vitrine_refuse(fault, VITRINE_BAD_CHECKSUM, "section hash", section.offset,
                                  told[0], found[0]);
    }
    return VITRINE_OK;
}

void vitrine_container_begin(vitrine_container_writer *writer, void *out, size_t size, uint32_t kind,
                             uint64_t version, const uint8_t *parent, uint32_t capacity)
{
    memset(writer, 0, sizeof *writer);
    writer->out = out;
    writer->size = size;
    writer->kind = kind;
    writer->version = version;
    writer->capacity = capacity;
    writer->used = aligned(VITRINE_HEADER_SIZE + (uint64_t)capacity * VITRINE_ENTRY_SIZE);
    writer->failed = capacity == 0 || capacity > VITRINE_MAX_SECTIONS ||
                     (out != NULL && writer->used > size);
    if (out == NULL || writer->failed) return;
    memset(out, 0, (size_t)writer->used);
    if (parent != NULL) memcpy(writer->out + AT_PARENT, parent, 32);
}

void *vitrine_container_add(vitrine_container_writer *writer, uint32_t id, size_t size)
{
    if (writer->sections == writer->capacity || size > VITRINE_MAX_FILE) writer->failed = true;
    if (writer->failed) return NULL;
    const uint64_t offset = writer->used, end = aligned(offset + size);
    const uint32_t index = writer->sections++;
    writer->used = end;
    if (end > VITRINE_MAX_FILE || (writer->out != NULL && end > writer->size)) writer->failed = true;
    if (writer->out == NULL || writer->failed) return NULL;

    uint8_t *entry = writer->out + VITRINE_HEADER_SIZE + (size_t)index * VITRINE_ENTRY_SIZE;
    vitrine_writer to = {entry, entry + VITRINE_ENTRY_SIZE, true};
    vitrine_write_u32(&to, id);
    vitrine_write_u32(&to, 0);
    vitrine_write_u64(&to, offset);
    vitrine_write_u64(&to, size);
    memset(writer->out + offset, 0, (size_t)(end - offset));
    return size == 0 ? NULL : writer->out + offset;
}

vitrine_status vitrine_container_end(vitrine_container_writer *writer, size_t *written)
{
    *written = 0;
    if (writer->failed) return VITRINE_NO_SPACE;
    if (writer->sections != writer->capacity) return VITRINE_BAD_ARGUMENT;
    *written = (size_t)writer->used;
    if (writer->out == NULL) return VITRINE_OK;

    uint8_t *file = writer->out;
    memcpy(file, MAGIC, sizeof MAGIC);
    vitrine_writer to = {file + AT_VERSION, file + AT_PARENT, true};
    vitrine_write_u32(&to, VITRINE_FORMAT_VERSION);
    vitrine_write_u32(&to, writer->kind);
    vitrine_write_u32(&to, VITRINE_FORMAT_ABI);
    vitrine_write_u32(&to, writer->sections);
    vitrine_write_u64(&to, writer->used);
    vitrine_write_u64(&to, writer->version);
    const vitrine_container view = {file, (size_t)writer->used, writer->kind, writer->sections,
                                    writer->version, file + AT_PARENT, file + AT_HASH};
    for (uint32_t i = 0; i < writer->sections; i++) {
        const vitrine_section section = vitrine_container_section(&view, i);
        vitrine_sha256_of(section.bytes, section.size,
                          file + VITRINE_HEADER_SIZE + (size_t)i * VITRINE_ENTRY_SIZE + ENTRY_HASH);
    }
    hash_head(file, writer->sections, file + AT_HASH);
    return VITRINE_OK;
}
