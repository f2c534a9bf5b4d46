/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside of the fault machinery: rules (rule.c, fault.c) decide about commands, interrupts and data; actions (action.c) do
 * something to the subsystem, at once or when a rule fires. The control socket (control.c) uses both.
 */
#ifndef EMU_FAULT_H
#define EMU_FAULT_H

#include "args.h"

enum emu_action_kind {
	EMU_ACTION_TEMPERATURE,
	EMU_ACTION_SPARE,
	EMU_ACTION_DRIVE_FAIL,
	EMU_ACTION_DRIVE_REPAIR,
	EMU_ACTION_MEDIA_ERROR,
	EMU_ACTION_GONE,
	EMU_ACTION_BACK,
	EMU_ACTION_HANG,
	EMU_ACTION_UNHANG,
	EMU_ACTION_FATAL,
	EMU_ACTION_LINK_ERROR,
	EMU_ACTION_EVENT,
	EMU_ACTION_STORM,
	EMU_NR_ACTIONS,
};

enum emu_storm { EMU_STORM_VENDOR, EMU_STORM_SMART, EMU_STORM_NAMESPACE, EMU_STORM_ERROR };

struct emu_action {
	enum emu_action_kind kind;
	unsigned int function;
	uint32_t nsid, drive;
	uint32_t number; /* kelvin, percent, severity, count of events */
	uint32_t bits;	 /* of the AER status register */
	uint32_t ms;	 /* for how long, or between two */
	bool registers;	 /* the register side hangs */
	enum emu_cure cure;
	bool clear;
	uint64_t lba;
	uint32_t blocks;
	unsigned int storm;
	uint32_t code, object;
	uint64_t value;
	char text[80];
};

struct emu_storming {
	struct emu_timer timer;
	struct emu_subsys *s;
	struct emu_action action;
	uint32_t left;
};

struct emu_comeback {
	struct emu_timer timer;
	struct emu_ctrl *ctrl;
};

/* action.c */
const char *emu_action_name(enum emu_action_kind kind);
bool emu_action_find(const char *name, enum emu_action_kind *kind);
const char *emu_action_keys(enum emu_action_kind kind); /* for people */
/* Its keys out of args; what is wrong is in args->error. */
void emu_action_parse(struct emu_subsys *s, enum emu_action_kind kind, struct emu_args *a, struct emu_action *action);
/* Not from inside of a command. 0, or a negative errno. */
int emu_action_run(struct emu_subsys *s, const struct emu_action *action);
/* As a rule's text: what telemetry says of a command of the control socket. False: it heals, or says something. */
bool emu_action_fault(const struct emu_action *action, char *text, size_t len);
void emu_action_close(struct emu_subsys *s);
struct emu_ctrl *emu_action_ctrl(struct emu_subsys *s, unsigned int function);

enum fault_class { FAULT_CMD, FAULT_IRQ, FAULT_DATA, FAULT_QUERY };

enum fault_id {
	FAULT_DROP,
	FAULT_DELAY,
	FAULT_WRONG_CID,
	FAULT_STALE_CID,
	FAULT_WRONG_PHASE,
	FAULT_DOUBLE,
	FAULT_NO_IRQ,
	FAULT_STATUS,
	FAULT_HANG,
	FAULT_IRQ_LOST,
	FAULT_CORRUPT,
	FAULT_FW_ACTIVATION,
	FAULT_SELF_TEST,
	FAULT_ACTION,
};

struct fault_kind {
	const char *name;
	enum fault_class class;
	enum fault_id id;
	uint8_t flag; /* EMU_CMD_* */
	const char *keys;
};

struct emu_fault_rule {
	struct emu_subsys *s;
	struct emu_timer timer; /* until it is armed, or until its action runs */
	uint32_t id;
	const struct fault_kind *kind;
	json_object *spec;
	char text[48];
	bool armed, spent, due;
	bool by_command; /* an action that waits for one */
	bool release;	 /* the controller was stopped until the action runs */

	uint32_t nth, count, after_ms;
	double probability;
	uint64_t seen, fired;

	bool any_function, any_queue, any_opcode, any_set, any_lba;
	uint32_t function, queue, opcode, set, nsid, blocks;
	uint64_t lba;

	uint32_t us, status, vector, segment, bytes, offset;
	uint64_t value;
	bool any_vector, has_value, has_offset;
	char what[24];
	struct emu_action action;
};

/* rule.c: the keys of a rule out of args; what is wrong is in args->error. */
void emu_rule_parse(struct emu_fault_rule *r, struct emu_args *a);
void emu_rule_kinds(json_object *out);	   /* name: keys */
bool emu_rule_has_blocks(uint32_t opcode); /* of an I/O command: it touches blocks that it names */

/* fault.c */
struct emu_faults {
	struct emu_subsys *s;
	struct emu_fault_rule **rules;
	unsigned int nr;
	uint32_t next_id;
	unsigned int armed[4]; /* rules that may fire, by what asks for them */
	uint64_t rng;
	struct emu_storming storm;
	struct emu_comeback comeback[EMU_MAX_FUNCTIONS];
};

json_object *emu_fault_list(struct emu_subsys *s);
void emu_fault_seed(struct emu_subsys *s, uint64_t seed);

#endif
