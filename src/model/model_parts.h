/* The inverse of model_writer.h: an open model as plain row-major parts, to be written again with
 * other settings (quantised, with other fusion weights). */
#ifndef VITRINE_MODEL_MODEL_PARTS_H
#define VITRINE_MODEL_MODEL_PARTS_H

#include "model/model_writer.h"

/* Bytes that vitrine_model_unpack needs. */
size_t vitrine_model_unpack_size(const vitrine_model *model);

/* Fills `parts`; its arrays live in mem (aligned to 64) or in the model's own file. config.precision
 * stays what it was: set VITRINE_INT8 and write to quantise. */
vitrine_status vitrine_model_unpack(const vitrine_model *model, void *mem, size_t mem_size,
                                    vitrine_model_parts *parts);

#endif
