// SPDX-License-Identifier: GPL-2.0-or-later
/* The control socket's commands: a JSON object in, a JSON object out, "ok" true or false with an "error" for people. */
#include <errno.h>
#include <limits.h>

#include "cmb.h"
#include "fault.h"

#define CONTROL_MAX_LINE (1u << 20)

typedef void control_fn(struct emu_subsys *s, struct emu_args *a, json_object *answer);

static control_fn control_help, control_status, control_ns_resize, control_ns_identity, control_ns_attach, control_ns_detach,
	control_ns_delete, control_power, control_flush, control_seed;

static const struct control_verb {
	const char *name, *keys, *what;
	control_fn *fn; /* NULL: fault.c's, or an action */
} control_verbs[] = {
	{ "help", "", "this list", control_help },
	{ "status", "", "state of controllers, namespaces, drives, counters, rules", control_status },
	{ "fault-add", "kind, nth, count, probability, after_ms, controller, queue, set, opcode, nsid, lba, blocks", "a new rule",
	  NULL },
	{ "fault-list", "", "rules, and how often they fired", NULL },
	{ "fault-clear", "id, or all", "removes rules; what they did stays", NULL },
	{ "ns-resize", "nsid, bytes", "a namespace grows or shrinks", control_ns_resize },
	{ "ns-identity", "nsid", "a namespace gets other identifiers", control_ns_identity },
	{ "ns-attach", "nsid, controller (0)", "attaches a namespace", control_ns_attach },
	{ "ns-detach", "nsid, controller (0)", "detaches a namespace", control_ns_detach },
	{ "ns-delete", "nsid", "a namespace vanishes", control_ns_delete },
	{ "power-readings", "power_mw, rail, vin_mv, vout_mv, iout_ma, status_word; or auto", "what regulators measure",
	  control_power },
	{ "flush", "", "writes all that is cached", control_flush },
	{ "seed", "seed", "begins all random sequences anew", control_seed },
};

static const struct control_verb *control_find(const char *name)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(control_verbs); i++) {
		if (!strcmp(control_verbs[i].name, name))
			return &control_verbs[i];
	}
	return NULL;
}

static void put_int(json_object *o, const char *key, uint64_t value)
{
	json_object_object_add(o, key, json_object_new_uint64(value));
}

static void put_bool(json_object *o, const char *key, bool value)
{
	json_object_object_add(o, key, json_object_new_boolean(value));
}

static void put_text(json_object *o, const char *key, const char *value)
{
	json_object_object_add(o, key, json_object_new_string(value));
}

static void put_hex(json_object *o, const char *key, const uint8_t *bytes, unsigned int nr)
{
	char text[65] = "";

	for (unsigned int i = 0; i < nr && i < 32; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	put_text(o, key, text);
}

static void control_help(struct emu_subsys *s, struct emu_args *a, json_object *answer)
{
	json_object *verbs = json_object_new_object(), *kinds = json_object_new_object();

	(void)s;
	if (!emu_args_end(a)) {
		json_object_put(verbs);
		json_object_put(kinds);
		return;
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(control_verbs); i++) {
		char text[256];

		snprintf(text, sizeof(text), "%s%s%s", control_verbs[i].what, control_verbs[i].keys[0] ? ": " : "",
			 control_verbs[i].keys);
		put_text(verbs, control_verbs[i].name, text);
	}
	for (unsigned int i = 0; i < EMU_NR_ACTIONS; i++)
		put_text(verbs, emu_action_name((enum emu_action_kind)i), emu_action_keys((enum emu_action_kind)i));
	emu_rule_kinds(kinds);
	json_object_object_add(answer, "commands", verbs);
	json_object_object_add(answer, "faults", kinds);
}

static json_object *status_queues(const struct emu_ctrl *c)
{
	json_object *list = json_object_new_array();

	for (unsigned int i = 0; i < EMU_MAX_QUEUES; i++) {
		const struct emu_sq *sq = &c->sq[i];
		const struct emu_cq *cq = &c->cq[i];
		json_object *o;

		if (!sq->size && !cq->size)
			continue;
		o = json_object_new_object();
		put_int(o, "id", i);
		if (sq->size) {
			put_int(o, "sq_size", sq->size);
			put_int(o, "sq_head", sq->head);
			put_int(o, "sq_tail", sq->tail);
			put_int(o, "inflight", sq->inflight);
			put_int(o, "cq", sq->cqid);
			put_bool(o, "cmb", sq->in_cmb);
		}
		if (cq->size) {
			put_int(o, "cq_size", cq->size);
			put_int(o, "cq_head", cq->head);
			put_int(o, "cq_tail", cq->tail);
			put_int(o, "vector", cq->vector);
		}
		json_object_array_add(list, o);
	}
	return list;
}

static json_object *status_ctrl(const struct emu_ctrl *c)
{
	json_object *o = json_object_new_object(), *hmb = json_object_new_object(), *cmb = json_object_new_object();

	put_int(o, "controller", c->function);
	put_int(o, "cntlid", c->cntlid);
	put_bool(o, "virtual", c->is_virtual);
	put_bool(o, "bus_master", c->bus_master);
	put_bool(o, "gone", c->gone);
	put_bool(o, "hang", c->hang);
	put_bool(o, "register_hang", c->register_hang);
	put_bool(o, "ready", c->csts & GMX_CSTS_RDY);
	put_bool(o, "fatal", c->csts & GMX_CSTS_CFS);
	put_int(o, "cap", c->cap);
	put_int(o, "cc", c->cc);
	put_int(o, "csts", c->csts);
	put_int(o, "aqa", c->aqa);
	put_int(o, "life", c->generation);
	put_int(o, "power_state", c->power_state);
	put_int(o, "async_requests", c->nr_aers);
	put_int(o, "async_waiting", c->nr_aer_queue);
	put_int(o, "doorbells", c->doorbells);
	put_int(o, "interrupts", c->irqs);
	json_object_object_add(o, "queues", status_queues(c));
	emu_hmb_status(c, hmb);
	json_object_object_add(o, "hmb", hmb);
	emu_cmb_status(c, cmb);
	json_object_object_add(o, "cmb", cmb);
	return o;
}

static json_object *status_ns(const struct emu_ns *ns)
{
	json_object *o = json_object_new_object(), *attached = json_object_new_array();

	put_int(o, "nsid", ns->nsid);
	put_int(o, "blocks", ns->nsze);
	put_int(o, "block", 1u << ns->lba_shift);
	put_int(o, "metadata", ns->ms);
	put_int(o, "bytes", ns->nsze << ns->lba_shift);
	put_int(o, "drive", ns->drive_idx);
	put_bool(o, "read_only", ns->read_only);
	put_bool(o, "formatting", ns->formatting);
	put_int(o, "reads", ns->reads);
	put_int(o, "writes", ns->writes);
	put_hex(o, "eui64", ns->eui64, sizeof(ns->eui64));
	put_hex(o, "nguid", ns->nguid, sizeof(ns->nguid));
	put_hex(o, "uuid", ns->uuid, sizeof(ns->uuid));
	for (unsigned int i = 0; i < EMU_MAX_FUNCTIONS; i++) {
		if (ns->attached & 1u << i)
			json_object_array_add(attached, json_object_new_int64(i));
	}
	json_object_object_add(o, "attached", attached);
	return o;
}

static json_object *status_drive(const struct emu_drive *d, unsigned int idx)
{
	json_object *o = json_object_new_object();

	put_int(o, "drive", idx);
	put_int(o, "bytes", emu_drive_bytes(d));
	put_int(o, "allocated", emu_drive_allocated(d));
	put_bool(o, "rotational", emu_drive_rotational(d));
	put_bool(o, "failed", emu_drive_failed(d));
	return o;
}

static void control_status(struct emu_subsys *s, struct emu_args *a, json_object *answer)
{
	json_object *ctrls, *spaces, *drives, *health, *power, *events;

	if (!emu_args_end(a))
		return;
	ctrls = json_object_new_array();
	spaces = json_object_new_array();
	drives = json_object_new_array();
	health = json_object_new_object();
	power = json_object_new_object();
	events = json_object_new_object();
	for (unsigned int i = 0; i < s->nr_ctrls; i++)
		json_object_array_add(ctrls, status_ctrl(s->ctrls[i]));
	for (unsigned int i = 0; i < EMU_MAX_NS; i++) {
		if (s->ns[i].nsid)
			json_object_array_add(spaces, status_ns(&s->ns[i]));
	}
	for (unsigned int i = 0; i < EMU_MAX_DRIVES; i++) {
		if (s->drives[i])
			json_object_array_add(drives, status_drive(s->drives[i], i));
	}
	emu_health_status(s, health);
	emu_power_status(s, power);
	emu_event_status(s, events);
	put_text(answer, "family", s->traits->name);
	put_text(answer, "serial", s->config.serial);
	put_text(answer, "firmware", emu_fw_revision(s));
	put_int(answer, "firmware_slot", emu_fw_running_slot(s));
	put_bool(answer, "sanitizing", emu_sanitize_running(s));
	json_object_object_add(answer, "controllers", ctrls);
	json_object_object_add(answer, "namespaces", spaces);
	json_object_object_add(answer, "drives", drives);
	json_object_object_add(answer, "health", health);
	json_object_object_add(answer, "power", power);
	json_object_object_add(answer, "events", events);
	json_object_object_add(answer, "rules", emu_fault_list(s));
}

/* The namespace of "nsid"; NULL: a->error says why. */
static struct emu_ns *args_ns(struct emu_subsys *s, struct emu_args *a)
{
	struct emu_ns *ns = NULL;
	uint32_t nsid = 0;

	emu_args_need(a, emu_args_u32(a, "nsid", 1, EMU_MAX_NS, &nsid), "nsid", "a namespace");
	if (!a->failed) {
		ns = emu_ns_find(s, nsid);
		if (!ns)
			emu_args_fail(a, "\"nsid\" is %u: there is no such namespace", nsid);
	}
	return ns;
}

static void failed_with(struct emu_args *a, const char *what, int err)
{
	if (err)
		emu_args_fail(a, "%s: %s", what, strerror(-err));
}

static void control_ns_resize(struct emu_subsys *s, struct emu_args *a, json_object *answer)
{
	struct emu_ns *ns = args_ns(s, a);
	uint64_t bytes = 0;

	emu_args_need(a, emu_args_number(a, "bytes", 1, INT64_MAX, &bytes), "bytes", "the new size");
	if (!emu_args_end(a))
		return;
	failed_with(a, "\"bytes\": whole blocks, within the subsystem's capacity", emu_ns_resize(ns, bytes));
	put_int(answer, "blocks", ns->nsze);
}

static void control_ns_identity(struct emu_subsys *s, struct emu_args *a, json_object *answer)
{
	struct emu_ns *ns = args_ns(s, a);

	if (!emu_args_end(a))
		return;
	failed_with(a, "new identity", emu_ns_new_identity(ns));
	put_hex(answer, "nguid", ns->nguid, sizeof(ns->nguid));
}

static void ns_set_attached(struct emu_subsys *s, struct emu_args *a, bool attach)
{
	struct emu_ns *ns = args_ns(s, a);
	uint32_t function = 0;

	emu_args_u32(a, "controller", 0, s->nr_ctrls ? s->nr_ctrls - 1 : 0, &function);
	if (!emu_args_end(a))
		return;
	if (!!(ns->attached & 1u << function) == attach) {
		emu_args_fail(a, "namespace %u is %s controller %u already", ns->nsid, attach ? "attached to" : "detached from",
			      function);
		return;
	}
	if (attach && ns->attached && !(ns->nmic & 1)) {
		emu_args_fail(a, "namespace %u is private and attached to another controller: detach it there first", ns->nsid);
		return;
	}
	ns->attached ^= 1u << function;
	emu_ns_save(s);
	emu_event_add(s, attach ? GMX_VND_EV_NS_ATTACHED : GMX_VND_EV_NS_DETACHED, ns->nsid, s->ctrls[function]->cntlid,
		      attach ? "namespace attached" : "namespace detached");
	emu_log_ns_changed(s, ns->nsid, NULL);
}

static void control_ns_attach(struct emu_subsys *s, struct emu_args *a, json_object *answer)
{
	(void)answer;
	ns_set_attached(s, a, true);
}

static void control_ns_detach(struct emu_subsys *s, struct emu_args *a, json_object *answer)
{
	(void)answer;
	ns_set_attached(s, a, false);
}

static void control_ns_delete(struct emu_subsys *s, struct emu_args *a, json_object *answer)
{
	struct emu_ns *ns = args_ns(s, a);

	(void)answer;
	if (emu_args_end(a))
		failed_with(a, "delete", emu_ns_delete(ns, NULL));
}

static void control_power(struct emu_subsys *s, struct emu_args *a, json_object *answer)
{
	emu_power_control(s, a);
	if (!a->failed)
		emu_power_status(s, answer);
}

static void control_flush(struct emu_subsys *s, struct emu_args *a, json_object *answer)
{
	(void)answer;
	if (!emu_args_end(a))
		return;
	for (unsigned int i = 0; i < EMU_MAX_NS; i++) {
		uint16_t status = s->ns[i].nsid && s->ns[i].drive ? emu_drive_flush(&s->ns[i]) : 0;

		if (status)
			emu_args_fail(a, "namespace %u: status %03xh", i + 1, GMX_STS_CODE(status));
	}
}

static void control_seed(struct emu_subsys *s, struct emu_args *a, json_object *answer)
{
	uint64_t seed = 0;

	(void)answer;
	emu_args_need(a, emu_args_number(a, "seed", 0, UINT64_MAX, &seed), "seed", "a whole number");
	if (!emu_args_end(a))
		return;
	/* Zero is where some generators stay for ever. */
	s->rng = seed ? seed : 1;
	emu_fault_seed(s, seed);
}

/* "hang" is the whole controller here; as a rule's kind it is one command. */
static bool control_action(struct emu_subsys *s, const char *verb, struct emu_args *a)
{
	enum emu_action_kind kind;
	struct emu_action action;
	char text[48];
	int ret;

	if (!emu_action_find(!strcmp(verb, "hang") ? "hang-controller" : verb, &kind))
		return false;
	emu_action_parse(s, kind, a, &action);
	if (!emu_args_end(a))
		return true;
	/* before it is done, so that what a dying controller keeps names it; only a medium can refuse */
	if (action.kind != EMU_ACTION_MEDIA_ERROR && emu_action_fault(&action, text, sizeof(text)))
		emu_telemetry_fault(s, text);
	ret = emu_action_run(s, &action);
	if (!ret && action.kind == EMU_ACTION_MEDIA_ERROR && emu_action_fault(&action, text, sizeof(text)))
		emu_telemetry_fault(s, text);
	failed_with(a, verb, ret);
	return true;
}

static json_object *control_answer(struct emu_args *a, json_object *answer)
{
	json_object *o;

	if (!a->failed)
		return answer;
	json_object_put(answer);
	o = json_object_new_object();
	put_bool(o, "ok", false);
	put_text(o, "error", a->error);
	return o;
}

static json_object *control_run(struct emu_subsys *s, json_object *request)
{
	json_object *answer = json_object_new_object(), *other;
	const struct control_verb *verb;
	char name[32] = "";
	struct emu_args a;

	put_bool(answer, "ok", true);
	emu_args_init(&a, request);
	emu_args_need(&a, emu_args_text(&a, "command", name, sizeof(name)), "command", "try {\"command\": \"help\"}");
	if (a.failed)
		return control_answer(&a, answer);
	other = emu_fault_control(s, name, request);
	if (other) {
		json_object_put(answer);
		return other;
	}
	verb = control_find(name);
	if (verb && verb->fn)
		verb->fn(s, &a, answer);
	else if (!control_action(s, name, &a))
		emu_args_fail(&a, "\"command\" is \"%s\": unknown, try {\"command\": \"help\"}", name);
	return control_answer(&a, answer);
}

static json_object *control_parse(const char *line, struct emu_args *a)
{
	json_tokener *tok = json_tokener_new();
	size_t len = strlen(line);
	json_object *request = NULL;

	memset(a, 0, sizeof(*a));
	if (!tok || len > CONTROL_MAX_LINE) {
		emu_args_fail(a, "line too long: %zu bytes, at most %u", len, CONTROL_MAX_LINE);
		json_tokener_free(tok);
		return NULL;
	}
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	request = json_tokener_parse_ex(tok, line, (int)len + 1);
	if (json_tokener_get_error(tok) != json_tokener_success) {
		emu_args_fail(a, "no JSON: %s", json_tokener_error_desc(json_tokener_get_error(tok)));
		json_object_put(request);
		request = NULL;
	} else if (!json_object_is_type(request, json_type_object)) {
		emu_args_fail(a, "must be a JSON object, try {\"command\": \"help\"}");
		json_object_put(request);
		request = NULL;
	}
	json_tokener_free(tok);
	return request;
}

char *emu_subsys_control(struct emu_subsys *s, const char *line)
{
	json_object *request, *answer;
	struct emu_args a;
	char *text;

	request = control_parse(line, &a);
	answer = request ? control_run(s, request) : control_answer(&a, json_object_new_object());
	text = strdup(json_object_to_json_string_ext(answer, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(answer);
	json_object_put(request);
	return text;
}
