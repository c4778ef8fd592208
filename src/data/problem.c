#include "data/problem.h"

#include <stdarg.h>
#include <stdio.h>

bool vitrine_problem_set(vitrine_problem *problem, vitrine_problem_kind kind, const char *format, ...)
{
    if (problem == NULL || problem->kind != VITRINE_PROBLEM_NONE) return false;
    problem->kind = kind;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(problem->text, sizeof problem->text, format, arguments);
    va_end(arguments);
    return false;
}

bool vitrine_problem_memory(vitrine_problem *problem)
{
    return vitrine_problem_set(problem, VITRINE_PROBLEM_IO,
                               "out of memory: close other programs, or read a smaller log");
}
