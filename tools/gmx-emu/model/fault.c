// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Faults by rule: what a rule matches, how often it fires, what then happens. Rules come from the control socket, from
 * the configuration ("faults") and from a plan file ("plan"). Where there are none, asking costs the test of a counter.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fault.h"
#include "hash.h"

#define FAULT_MAX_RULES 256
#define FAULT_MAX_PLAN	(1u << 20)

static double fault_random(struct emu_faults *f)
{
	f->rng += 0x9e3779b97f4a7c15ull;
	return (double)(emu_hash_mix(f->rng) >> 11) / 9007199254740992.0;
}

static void rule_arm(struct emu_fault_rule *r, bool armed)
{
	if (r->armed == armed)
		return;
	r->armed = armed;
	if (armed)
		r->s->faults->armed[r->kind->class]++;
	else
		r->s->faults->armed[r->kind->class]--;
}

static void rule_fired(struct emu_fault_rule *r)
{
	r->fired++;
	emu_telemetry_fault(r->s, r->text);
	if (r->count && r->fired >= r->count) {
		r->spent = true;
		rule_arm(r, false);
	}
}

/* It matches; does it fire? */
static bool rule_hits(struct emu_fault_rule *r)
{
	r->seen++;
	if (r->seen < r->nth || (r->probability < 1 && fault_random(r->s->faults) >= r->probability))
		return false;
	rule_fired(r);
	return true;
}

static void rule_timer(struct emu_timer *t)
{
	struct emu_fault_rule *r = EMU_ENTRY(t, struct emu_fault_rule, timer);
	struct emu_ctrl *c = emu_action_ctrl(r->s, r->action.function);

	if (r->due) {
		r->due = false;
		emu_action_run(r->s, &r->action);
		if (r->release && c)
			c->hang = false;
		r->release = false;
	} else if (r->kind->id == FAULT_ACTION && !r->by_command) {
		rule_fired(r);
		emu_action_run(r->s, &r->action);
	} else {
		rule_arm(r, true);
	}
}

static bool rule_matches_range(const struct emu_fault_rule *r, uint64_t lba, uint64_t nr)
{
	return nr && lba < r->lba + r->blocks && (lba >= r->lba || r->lba - lba < nr);
}

static bool rule_matches_dsm(const struct emu_fault_rule *r, struct emu_cmd *cmd)
{
	struct gmx_dsm_range ranges[GMX_DSM_MAX_RANGES];
	unsigned int nr = (emu_cdw10(cmd) & 0xff) + 1;

	/* ranges that cannot be fetched are the command's affair */
	if (emu_cmd_from_host(cmd, ranges, (uint32_t)(nr * sizeof(ranges[0]))))
		return false;
	for (unsigned int i = 0; i < nr; i++) {
		if (rule_matches_range(r, le64toh(ranges[i].slba), le32toh(ranges[i].nlb)))
			return true;
	}
	return false;
}

/* Does it touch one of the rule's blocks? emu_rule_parse() refuses the opcodes that touch none. */
static bool rule_matches_blocks(const struct emu_fault_rule *r, struct emu_cmd *cmd)
{
	if (!cmd->sq || !cmd->sq->qid || !emu_rule_has_blocks(cmd->sqe.opcode))
		return false;
	if (cmd->sqe.opcode == GMX_NVM_DSM)
		return rule_matches_dsm(r, cmd);
	return rule_matches_range(r, (uint64_t)emu_cdw11(cmd) << 32 | emu_cdw10(cmd), (emu_cdw12(cmd) & 0xffff) + 1ull);
}

static bool rule_matches_cmd(const struct emu_fault_rule *r, struct emu_cmd *cmd)
{
	uint32_t qid = cmd->sq ? cmd->sq->qid : 0;

	if ((!r->any_function && r->function != cmd->ctrl->function) || (!r->any_queue && r->queue != qid) ||
	    (!r->any_set && r->set != !qid) || (!r->any_opcode && r->opcode != cmd->sqe.opcode) ||
	    (r->nsid && r->nsid != emu_nsid(cmd)))
		return false;
	return r->any_lba || rule_matches_blocks(r, cmd);
}

/* Not now: the command is in the middle of things. Until then nothing else happens on a controller that is to die. */
static bool rule_act_soon(struct emu_fault_rule *r)
{
	struct emu_ctrl *c = emu_action_ctrl(r->s, r->action.function);
	bool dies = r->action.kind == EMU_ACTION_GONE || r->action.kind == EMU_ACTION_FATAL;
	bool hangs = r->action.kind == EMU_ACTION_HANG && !r->action.registers;

	if ((dies || hangs) && c && !c->hang) {
		c->hang = true;
		r->release = dies;
	}
	r->due = true;
	emu_timer_set(r->s, &r->timer, emu_now(r->s));
	return dies;
}

uint16_t emu_fault_cmd(struct emu_cmd *cmd, uint64_t *delay_ns)
{
	struct emu_faults *f = cmd->ctrl->s->faults;
	bool pending = false;
	uint16_t status = 0;

	if (!f || !f->armed[FAULT_CMD])
		return 0;
	for (unsigned int i = 0; i < f->nr; i++) {
		struct emu_fault_rule *r = f->rules[i];

		if (!r->armed || r->kind->class != FAULT_CMD || !rule_matches_cmd(r, cmd) || !rule_hits(r))
			continue;
		cmd->faults |= r->kind->flag;
		if (r->kind->id == FAULT_DELAY)
			*delay_ns += r->us * 1000ull;
		else if (r->kind->id == FAULT_STATUS && !status)
			status = (uint16_t)r->status;
		else if (r->kind->id == FAULT_HANG)
			pending = true;
		else if (r->kind->id == FAULT_ACTION)
			pending |= rule_act_soon(r);
	}
	return pending ? EMU_PENDING : status;
}

bool emu_fault_irq_lost(struct emu_ctrl *c, unsigned int vector)
{
	struct emu_faults *f = c->s->faults;
	bool lost = false;

	if (!f || !f->armed[FAULT_IRQ])
		return false;
	for (unsigned int i = 0; i < f->nr; i++) {
		struct emu_fault_rule *r = f->rules[i];

		if (r->armed && r->kind->class == FAULT_IRQ && (r->any_function || r->function == c->function) &&
		    (r->any_vector || r->vector == vector))
			lost |= rule_hits(r);
	}
	return lost;
}

static bool rule_matches_data(const struct emu_fault_rule *r, const struct emu_ctrl *c, const char *what, size_t len)
{
	size_t n = strlen(r->what);

	return r->armed && r->kind->class == FAULT_DATA && (r->any_function || r->function == c->function) &&
	       !strncmp(r->what, what, n) && (!what[n] || what[n] == ':') && r->bytes <= len &&
	       (!r->has_offset || r->offset <= len - r->bytes);
}

void emu_fault_data(struct emu_ctrl *c, const char *what, void *buf, size_t len)
{
	struct emu_faults *f = c->s->faults;

	if (!f || !f->armed[FAULT_DATA])
		return;
	for (unsigned int i = 0; i < f->nr; i++) {
		struct emu_fault_rule *r = f->rules[i];
		uint64_t value = htole64(r->value);
		size_t at;

		if (!rule_matches_data(r, c, what, len) || !rule_hits(r))
			continue;
		at = r->has_offset ? r->offset : (size_t)(fault_random(f) * (double)(len - r->bytes + 1));
		for (size_t n = 0; n < r->bytes; n++) {
			uint8_t *byte = (uint8_t *)buf + at + n;

			/* Another one than it was, whatever comes up. */
			*byte = r->has_value ? ((uint8_t *)&value)[n & 7] : *byte ^ (uint8_t)(1 + fault_random(f) * 255);
		}
	}
}

static struct emu_fault_rule *fault_query(struct emu_subsys *s, enum fault_id id)
{
	struct emu_faults *f = s->faults;

	if (!f || !f->armed[FAULT_QUERY])
		return NULL;
	for (unsigned int i = 0; i < f->nr; i++) {
		struct emu_fault_rule *r = f->rules[i];

		if (r->armed && r->kind->id == id && rule_hits(r))
			return r;
	}
	return NULL;
}

bool emu_fault_fw_activation_fails(struct emu_subsys *s)
{
	return fault_query(s, FAULT_FW_ACTIVATION);
}

bool emu_fault_selftest_fails(struct emu_subsys *s, unsigned int *segment)
{
	struct emu_fault_rule *r = fault_query(s, FAULT_SELF_TEST);

	if (r)
		*segment = r->segment;
	return r;
}

static void rule_free(struct emu_fault_rule *r)
{
	rule_arm(r, false);
	emu_timer_cancel(r->s, &r->timer);
	json_object_put(r->spec);
	free(r);
}

static struct emu_fault_rule *fault_add(struct emu_subsys *s, json_object *spec, struct emu_args *a)
{
	struct emu_faults *f = s->faults;
	struct emu_fault_rule *r = calloc(1, sizeof(*r)), **rules;

	emu_args_init(a, spec);
	rules = realloc(f->rules, (f->nr + 1) * sizeof(*rules));
	if (rules)
		f->rules = rules;
	if (!r || !rules || f->nr == FAULT_MAX_RULES) {
		free(r);
		emu_args_fail(a, "there are %u rules, more than %u are not kept: remove some with fault-clear", f->nr,
			      FAULT_MAX_RULES);
		return NULL;
	}
	r->s = s;
	r->id = f->next_id;
	r->probability = 1;
	r->any_function = r->any_queue = r->any_opcode = r->any_set = r->any_lba = true;
	emu_timer_init(&r->timer, rule_timer);
	emu_rule_parse(r, a);
	if (a->failed) {
		free(r);
		return NULL;
	}
	r->spec = json_object_get(spec);
	f->next_id++;
	f->rules[f->nr++] = r;
	if (r->after_ms || (r->kind->id == FAULT_ACTION && !r->by_command))
		emu_timer_set(s, &r->timer, emu_now(s) + r->after_ms * 1000000ull);
	else
		rule_arm(r, true);
	return r;
}

static int fault_add_list(struct emu_subsys *s, const char *from, json_object *list)
{
	if (!json_object_is_type(list, json_type_array)) {
		emu_log(s, EMU_LOG_ERROR, "%s: must be a list of rules", from);
		return -EINVAL;
	}
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct emu_args a;

		if (!fault_add(s, json_object_array_get_idx(list, i), &a)) {
			emu_log(s, EMU_LOG_ERROR, "%s: rule %zu: %s", from, i + 1, a.error);
			return -EINVAL;
		}
	}
	return 0;
}

static int fault_read_plan(struct emu_subsys *s, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), ret = -EINVAL;
	json_object *list = NULL;
	struct stat st;

	if (fd < 0) {
		ret = -errno;
		emu_log(s, EMU_LOG_ERROR, "plan %s: %s", path, strerror(errno));
		return ret;
	}
	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_size > FAULT_MAX_PLAN) {
		emu_log(s, EMU_LOG_ERROR, "plan %s: must be a file of at most %u bytes", path, FAULT_MAX_PLAN);
	} else {
		list = json_object_from_fd(fd);
		if (list)
			ret = fault_add_list(s, path, list);
		else
			emu_log(s, EMU_LOG_ERROR, "plan %s: is no JSON", path);
	}
	json_object_put(list);
	close(fd);
	return ret;
}

int emu_fault_open(struct emu_subsys *s)
{
	int ret = 0;

	s->faults = calloc(1, sizeof(*s->faults));
	if (!s->faults)
		return -ENOMEM;
	s->faults->s = s;
	s->faults->next_id = 1;
	emu_fault_seed(s, s->config.seed);
	if (s->config.faults)
		ret = fault_add_list(s, "faults", s->config.faults);
	if (!ret && s->config.plan[0])
		ret = fault_read_plan(s, s->config.plan);
	if (ret)
		emu_fault_close(s);
	return ret;
}

void emu_fault_close(struct emu_subsys *s)
{
	struct emu_faults *f = s->faults;

	if (!f)
		return;
	emu_action_close(s);
	while (f->nr)
		rule_free(f->rules[--f->nr]);
	free(f->rules);
	free(f);
	s->faults = NULL;
}

void emu_fault_seed(struct emu_subsys *s, uint64_t seed)
{
	s->faults->rng = emu_hash_mix(seed ^ 0x6661756c74u);
}

static json_object *rule_show(const struct emu_fault_rule *r)
{
	json_object *o = json_object_new_object();

	json_object_object_add(o, "id", json_object_new_int64(r->id));
	json_object_object_foreach(r->spec, key, value)
	{
		if (strcmp(key, "command"))
			json_object_object_add(o, key, json_object_get(value));
	}
	json_object_object_add(o, "state", json_object_new_string(r->spent ? "spent" : r->armed ? "armed" : "waiting"));
	json_object_object_add(o, "matched", json_object_new_int64((int64_t)r->seen));
	json_object_object_add(o, "fired", json_object_new_int64((int64_t)r->fired));
	return o;
}

json_object *emu_fault_list(struct emu_subsys *s)
{
	json_object *list = json_object_new_array();

	for (unsigned int i = 0; i < s->faults->nr; i++)
		json_object_array_add(list, rule_show(s->faults->rules[i]));
	return list;
}

static json_object *fault_error(const char *text)
{
	json_object *o = json_object_new_object();

	json_object_object_add(o, "ok", json_object_new_boolean(false));
	json_object_object_add(o, "error", json_object_new_string(text));
	return o;
}

static json_object *fault_ok(const char *key, json_object *value)
{
	json_object *o = json_object_new_object();

	json_object_object_add(o, "ok", json_object_new_boolean(true));
	json_object_object_add(o, key, value);
	return o;
}

static json_object *fault_control_add(struct emu_subsys *s, json_object *request)
{
	struct emu_args a;
	struct emu_fault_rule *r = fault_add(s, request, &a);

	return r ? fault_ok("id", json_object_new_int64(r->id)) : fault_error(a.error);
}

/* A rule that is gone while its action was due: what it stopped goes on. */
static void fault_remove(struct emu_faults *f, unsigned int i)
{
	struct emu_fault_rule *r = f->rules[i];
	struct emu_ctrl *c = emu_action_ctrl(f->s, r->action.function);

	if (r->release && c) {
		c->hang = false;
		emu_queue_resume(c);
	}
	rule_free(r);
	f->nr--;
	memmove(&f->rules[i], &f->rules[i + 1], (f->nr - i) * sizeof(*f->rules));
}

static json_object *fault_control_clear(struct emu_subsys *s, json_object *request)
{
	struct emu_faults *f = s->faults;
	unsigned int removed = 0;
	bool all = false, has_id;
	struct emu_args a;
	uint32_t id = 0;

	emu_args_init(&a, request);
	emu_args_has(&a, "command");
	has_id = emu_args_u32(&a, "id", 1, UINT32_MAX, &id);
	emu_args_flag(&a, "all", &all);
	emu_args_need(&a, has_id || all, "id", "number of a rule, or \"all\": true");
	if (!emu_args_end(&a))
		return fault_error(a.error);
	for (unsigned int i = f->nr; i-- > 0;) {
		if (!all && f->rules[i]->id != id)
			continue;
		fault_remove(f, i);
		removed++;
	}
	if (!removed && !all) {
		emu_args_fail(&a, "\"id\" is %u: there is no such rule, fault-list shows them", id);
		return fault_error(a.error);
	}
	return fault_ok("removed", json_object_new_int64(removed));
}

json_object *emu_fault_control(struct emu_subsys *s, const char *verb, json_object *request)
{
	struct emu_args a;

	if (!strcmp(verb, "fault-add"))
		return fault_control_add(s, request);
	if (!strcmp(verb, "fault-clear"))
		return fault_control_clear(s, request);
	if (strcmp(verb, "fault-list"))
		return NULL;
	emu_args_init(&a, request);
	emu_args_has(&a, "command");
	return emu_args_end(&a) ? fault_ok("rules", emu_fault_list(s)) : fault_error(a.error);
}
