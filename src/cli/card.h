/* A model card for people: the JSON that a model carries, a line a fact. */
#ifndef VITRINE_CLI_CARD_H
#define VITRINE_CLI_CARD_H

#include <stddef.h>

/* Prints the card on standard output; text that is no JSON as it is. CLI_OK, or CLI_INPUT after a
 * message when there is none. */
int cli_print_card(const char *command, const char *path, const char *card, size_t size);

#endif
