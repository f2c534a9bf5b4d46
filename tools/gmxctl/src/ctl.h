/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One run of gmxctl: the tables that describe commands, and what a command is given. */
#ifndef GMXCTL_CTL_H
#define GMXCTL_CTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <json-c/json.h>
#include <libgmx/libgmx.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

enum ctl_exit {
	CTL_OK = 0,
	CTL_FAILED = 1,
	CTL_USAGE = 2,
	CTL_NO_DEVICE = 3,
	CTL_PERMISSION = 4,
	CTL_BUSY = 5,
	CTL_REJECTED = 6,
	CTL_UNSUPPORTED = 7,
	CTL_UNCONFIRMED = 8,
	CTL_PARTIAL = 9,
	CTL_DEGRADED = 16,
	CTL_CRITICAL = 17,
	CTL_UNKNOWN = 18,
};

enum ctl_kind {
	K_TEXT,
	K_NUMBER, /* integer */
	K_HEX,	  /* a number that people read in hexadecimal */
	K_BOOL,
	K_BYTES,
	K_CELSIUS,
	K_PERCENT,
	K_MS, /* duration */
	K_SECONDS,
	K_TIME_MS, /* since 1970 */
	K_MW,
	K_TEXTS,   /* array of texts */
	K_RECORDS, /* array of records, described by @sub */
};

#define F_COUNTER (1u << 0) /* only grows */
#define F_LABEL	  (1u << 1) /* names the thing in metrics */
#define F_INFO	  (1u << 4) /* a label of the metric that says what the thing is */
#define F_METRIC  (1u << 2)
#define F_MORE	  (1u << 3) /* in a table only when asked for by --columns */

/* A member of a result: its key in JSON, its column, its metric */
struct ctl_field {
	const char *key;
	enum ctl_kind kind;
	const char *help;
	unsigned int flags;
	const struct ctl_field *sub;
};

struct ctl_option {
	const char *name;
	char letter;	 /* 0: none */
	const char *arg; /* what its value is called, NULL: it has none */
	const char *help;
	const char *values; /* what it may be, blanks between, or NULL */
};

/* One record; several, each shown by itself; several, in a table */
enum ctl_shape { SHAPE_RECORD, SHAPE_RECORDS, SHAPE_LIST };

#define C_DESTROYS (1u << 0) /* data or service may be lost: asks first, knows --yes and --dry-run */
#define C_PROGRESS (1u << 1) /* takes long, knows --progress */
#define C_STREAM   (1u << 2) /* prints by itself */

struct ctl;

struct ctl_command {
	const char *object;
	const char *verb;    /* NULL: the object alone */
	const char *args;    /* as in the synopsis; "[TARGET]...": any number */
	const char *summary; /* one line */
	const char *help;    /* more, may be NULL */
	const struct ctl_option *options;
	const struct ctl_field *fields;
	enum ctl_shape shape;
	unsigned int flags;
	int (*run)(struct ctl *ctl);
};

/* All of them, in the order of the manual; the last one has no object */
extern const struct ctl_command *const ctl_objects[];
extern const struct ctl_option ctl_common_options[], ctl_destroy_options[], ctl_progress_options[];

enum ctl_output { OUT_TABLE, OUT_JSON, OUT_CSV, OUT_PROM };

#define CTL_MAX_OPTIONS 32

/* A part of what a command does in several: what is said to go wrong in it names it, and has a way out */
struct ctl_stage {
	const char *name;
	const char *hint; /* where there is no better one */
};

struct ctl {
	const struct ctl_command *cmd;
	const struct ctl_stage *stage; /* NULL: none */
	enum ctl_output output;
	bool show_bytes, no_headings, assume_yes, dry_run, progress_json;
	const char *columns;
	int nr_args;
	char **args;
	const struct ctl_option *given[CTL_MAX_OPTIONS];
	const char *value[CTL_MAX_OPTIONS];
	unsigned int nr_given;
	struct json_object *result;
	struct json_object *errors;
	struct json_object *plan; /* what was to be confirmed, line by line; NULL: it did not come to that */
};

/* Name of a command with this between its words */
void ctl_command_name(const struct ctl_command *cmd, char between, char *out, size_t room);

/* main.c */
int ctl_parse(struct ctl *ctl, int argc, char **argv);
/* Value of an option, NULL: not given; "" for one without a value */
const char *ctl_option(const struct ctl *ctl, const char *name);
/* A number within bounds. CTL_OK, also when it was not given (*out is left), or the exit code of what was said. */
int ctl_option_number(struct ctl *ctl, const char *name, uint64_t least, uint64_t most, uint64_t *out);
/* The same for sizes with K, M, G, T */
int ctl_option_size(struct ctl *ctl, const char *name, uint64_t *out);
bool ctl_number(const char *text, uint64_t *out);
bool ctl_size(const char *text, uint64_t *out);

/* report.c: what went wrong, with the way out. Both return the exit code. */
int ctl_fail(struct ctl *ctl, enum ctl_exit code, const char *hint, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* @rc is a result of libgmx, which says why */
int ctl_fail_rc(struct ctl *ctl, int rc, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The same of a command that only root may send; @instead: what others have in its place, or NULL */
int ctl_fail_may(struct ctl *ctl, int rc, const char *instead, const char *format, ...) __attribute__((format(printf, 4, 5)));
int ctl_usage(struct ctl *ctl, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *ctl_exit_name(int code);
const char *ctl_exit_help(int code);

/* target.c */
/* Argument @i as a target; says so when it is none */
int ctl_target(struct ctl *ctl, int i, struct libgmx_target *target);
/* The same for a namespace; NSID by --nsid or by the target */
int ctl_namespace(struct ctl *ctl, int i, struct libgmx_target *target);
int ctl_open(struct ctl *ctl, const char *name, struct libgmx_ctrl **ctrl);
/* Controllers that the arguments name, all when there are none; an array that is freed by free() */
int ctl_controllers(struct ctl *ctl, struct libgmx_ctrl_info **list, size_t *count);
/* Opens the controller of argument 0, which may be left out where there is only one */
int ctl_open_one(struct ctl *ctl, struct libgmx_target *target, struct libgmx_ctrl **ctrl);

/* record.c: members of results */
struct json_object *ctl_list(struct ctl *ctl);				  /* the result, a list */
struct json_object *ctl_record(struct json_object *list);		  /* a new last entry */
void put_text(struct json_object *r, const char *key, const char *value); /* empty: null */
void put_number(struct json_object *r, const char *key, uint64_t value);
void put_signed(struct json_object *r, const char *key, int64_t value);
void put_bool(struct json_object *r, const char *key, bool value);
void put_null(struct json_object *r, const char *key);
void put_celsius(struct json_object *r, const char *key, int16_t value);
/* A name where there is one, else the number as a text */
void put_name(struct json_object *r, const char *key, const char *name, uint64_t value);
struct json_object *put_array(struct json_object *r, const char *key);

/* output.c, table.c, prom.c, schema.c, generate.c */
void ctl_output(struct ctl *ctl, int status);
void ctl_envelope(struct ctl *ctl);
void table_print(struct ctl *ctl);
void csv_print(struct ctl *ctl);
void prom_print(struct ctl *ctl);
void value_text(const struct ctl *ctl, const struct ctl_field *field, struct json_object *value, char *out, size_t room);
/* The same, however long; freed by free() */
char *value_string(const struct ctl *ctl, const struct ctl_field *field, struct json_object *value);
struct json_object *ctl_schema(const struct ctl_command *cmd);
void ctl_help(const struct ctl_command *cmd);
void ctl_help_all(void);
extern const struct ctl_command ctl_generate[];

/* plan.c: what a command is about to do, shown before it does it */
struct plan;
struct plan *plan_new(struct ctl *ctl, const char *format, ...) __attribute__((format(printf, 2, 3)));
void plan_line(struct plan *plan, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* something that needs --force */
void plan_danger(struct plan *plan, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Shows it and asks for @name. 0: go on; -1: --dry-run, nothing more to do; else an exit code. Frees the plan. */
int plan_confirm(struct plan *plan, const char *name);
#define PLAN_DRY (-1)

/* inuse.c: what stands against a plan */
/* mounts and holders of a disk, or that somebody has it alone; returns how many there are */
unsigned int plan_disk(struct plan *plan, const char *disk);
/* The same for all disks of a namespace, of each controller of the subsystem, or of those in @cntlids */
void plan_namespace(struct plan *plan, const char *ctrl, uint32_t nsid, const uint16_t *cntlids, unsigned int nr);
/* That / is on a disk of the controller, or of another one of its subsystem, which are named */
void plan_root(struct plan *plan, const char *ctrl, bool subsystem);
/* The first Gigamax disk that / is on */
bool ctl_root_disk(char *out, size_t room);
/* The controllers of one's subsystem, with itself; an array that is freed by free() */
size_t ctl_subsystem(const char *ctrl, struct libgmx_ctrl_info **list);

/* progress.c: a line on a terminal, JSON lines when asked for */
void progress_show(struct ctl *ctl, const char *stage, uint64_t done, uint64_t total);
void progress_end(struct ctl *ctl);

/* files.c */
int file_read(struct ctl *ctl, const char *path, size_t max, char **data, size_t *len);
int file_write(struct ctl *ctl, const char *path, const void *data, size_t len);

#endif
