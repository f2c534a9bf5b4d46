// SPDX-License-Identifier: GPL-2.0-or-later
/* What can be done to a subsystem from outside of it: heat, failing drives, link errors, a controller that hangs or is gone. */
#include <errno.h>

#include "fault.h"

#define ACTION_STORM_BATCH 256 /* events a millisecond, where no pace is given */
#define ACTION_MAX_EVENTS  100000u
#define ACTION_MAX_BLOCKS  4096u

static const struct {
	const char *name, *keys;
} actions[EMU_NR_ACTIONS] = {
	[EMU_ACTION_TEMPERATURE] = { "temperature", "kelvin (0: as the load makes it)" },
	[EMU_ACTION_SPARE] = { "spare", "percent" },
	[EMU_ACTION_DRIVE_FAIL] = { "drive-fail", "drive" },
	[EMU_ACTION_DRIVE_REPAIR] = { "drive-repair", "drive" },
	[EMU_ACTION_MEDIA_ERROR] = { "media-error", "nsid, lba, blocks (1), clear" },
	[EMU_ACTION_GONE] = { "gone", "controller (0), ms (0: until back)" },
	[EMU_ACTION_BACK] = { "back", "controller (0)" },
	[EMU_ACTION_HANG] = { "hang-controller",
			      "controller (0), side (\"commands\" or \"registers\"), until (\"unhang\", \"reset\", \"flr\", \"subsystem-reset\")" },
	[EMU_ACTION_UNHANG] = { "unhang", "controller (0)" },
	[EMU_ACTION_FATAL] = { "fatal", "controller (0)" },
	[EMU_ACTION_LINK_ERROR] = { "link-error", "controller (0), severity (\"correctable\", \"nonfatal\", \"fatal\"), status" },
	[EMU_ACTION_EVENT] = { "event", "code, object, value, text" },
	[EMU_ACTION_STORM] = { "storm", "events, ms, type (\"vendor\", \"smart\", \"namespace\", \"error\"), nsid" },
};

const char *emu_action_name(enum emu_action_kind kind)
{
	return actions[kind].name;
}

const char *emu_action_keys(enum emu_action_kind kind)
{
	return actions[kind].keys;
}

bool emu_action_find(const char *name, enum emu_action_kind *kind)
{
	for (unsigned int i = 0; i < EMU_NR_ACTIONS; i++) {
		if (!strcmp(actions[i].name, name)) {
			*kind = (enum emu_action_kind)i;
			return true;
		}
	}
	return false;
}

struct emu_ctrl *emu_action_ctrl(struct emu_subsys *s, unsigned int function)
{
	return function < s->nr_ctrls ? s->ctrls[function] : NULL;
}

static void action_controller(struct emu_subsys *s, struct emu_args *a, struct emu_action *action)
{
	unsigned int last = s->nr_ctrls ? s->nr_ctrls - 1 : EMU_MAX_FUNCTIONS - 1;

	emu_args_u32(a, "controller", 0, last, &action->function);
}

static void action_drive(struct emu_subsys *s, struct emu_args *a, struct emu_action *action)
{
	emu_args_need(a, emu_args_u32(a, "drive", 0, EMU_MAX_DRIVES - 1, &action->drive), "drive", "number of a drive");
	if (!a->failed && !s->drives[action->drive])
		emu_args_fail(a, "\"drive\" is %u: there is no such drive", action->drive);
}

static void action_media(struct emu_args *a, struct emu_action *action)
{
	action->blocks = 1;
	emu_args_need(a, emu_args_u32(a, "nsid", 1, EMU_MAX_NS, &action->nsid), "nsid", "a namespace");
	emu_args_need(a, emu_args_number(a, "lba", 0, UINT64_MAX - ACTION_MAX_BLOCKS, &action->lba), "lba", "first block");
	emu_args_u32(a, "blocks", 1, ACTION_MAX_BLOCKS, &action->blocks);
	emu_args_flag(a, "clear", &action->clear);
}

static void action_link(struct emu_args *a, struct emu_action *action)
{
	static const char *const severities[] = { "correctable", "nonfatal", "fatal" };
	/* Receiver error, completion time-out, malformed TLP */
	static const uint32_t bits[] = { 1u << 0, 1u << 14, 1u << 18 };
	unsigned int severity = 0;

	emu_args_need(a, emu_args_word(a, "severity", severities, ARRAY_SIZE(severities), &severity), "severity",
		      "\"correctable\", \"nonfatal\" or \"fatal\"");
	action->number = severity;
	action->bits = bits[severity];
	emu_args_u32(a, "status", 1, UINT32_MAX, &action->bits);
}

static void action_hang(struct emu_args *a, struct emu_action *action)
{
	static const char *const sides[] = { "commands", "registers" };
	static const char *const cures[] = {
		[EMU_CURE_NONE] = "unhang",
		[EMU_CURE_RESET] = "reset",
		[EMU_CURE_FLR] = "flr",
		[EMU_CURE_NSSR] = "subsystem-reset",
	};
	unsigned int side = 0, cure = EMU_CURE_NONE;

	emu_args_word(a, "side", sides, ARRAY_SIZE(sides), &side);
	emu_args_word(a, "until", cures, ARRAY_SIZE(cures), &cure);
	action->registers = side;
	action->cure = cure;
	if (side && cure == EMU_CURE_RESET)
		emu_args_fail(a, "\"until\" is \"reset\": registers that hang do not follow CC.EN either");
}

static void action_event(struct emu_args *a, struct emu_action *action)
{
	action->code = GMX_VND_EV_TEST;
	snprintf(action->text, sizeof(action->text), "test");
	emu_args_u32(a, "code", 0, GMX_VND_NR_CLASSES * 256 - 1, &action->code);
	emu_args_u32(a, "object", 0, UINT32_MAX, &action->object);
	emu_args_number(a, "value", 0, UINT64_MAX, &action->value);
	emu_args_text(a, "text", action->text, sizeof(action->text));
}

static void action_storm(struct emu_args *a, struct emu_action *action)
{
	static const char *const types[] = { "vendor", "smart", "namespace", "error" };

	action->number = 1000;
	action->nsid = 1;
	emu_args_u32(a, "events", 1, ACTION_MAX_EVENTS, &action->number);
	emu_args_u32(a, "ms", 0, 60000, &action->ms);
	emu_args_word(a, "type", types, ARRAY_SIZE(types), &action->storm);
	emu_args_u32(a, "nsid", 1, EMU_MAX_NS, &action->nsid);
}

void emu_action_parse(struct emu_subsys *s, enum emu_action_kind kind, struct emu_args *a, struct emu_action *action)
{
	memset(action, 0, sizeof(*action));
	action->kind = kind;
	switch (kind) {
	case EMU_ACTION_TEMPERATURE:
		emu_args_need(a, emu_args_u32(a, "kelvin", 0, 500, &action->number), "kelvin",
			      "0 to 500, 0: as the load makes it");
		break;
	case EMU_ACTION_SPARE:
		emu_args_need(a, emu_args_u32(a, "percent", 0, 100, &action->number), "percent", "0 to 100");
		break;
	case EMU_ACTION_DRIVE_FAIL:
	case EMU_ACTION_DRIVE_REPAIR: action_drive(s, a, action); break;
	case EMU_ACTION_MEDIA_ERROR: action_media(a, action); break;
	case EMU_ACTION_EVENT: action_event(a, action); break;
	case EMU_ACTION_STORM: action_storm(a, action); break;
	case EMU_ACTION_HANG:
		action_hang(a, action);
		action_controller(s, a, action);
		break;
	case EMU_ACTION_GONE:
		emu_args_u32(a, "ms", 0, 3600000, &action->ms);
		action_controller(s, a, action);
		break;
	case EMU_ACTION_LINK_ERROR:
		action_link(a, action);
		action_controller(s, a, action);
		break;
	default: action_controller(s, a, action); break;
	}
}

static void action_set_drive(struct emu_subsys *s, unsigned int drive, bool failed)
{
	struct emu_drive *d = s->drives[drive];

	if (!d || emu_drive_failed(d) == failed)
		return;
	emu_drive_set_failed(d, failed);
	emu_health_check(s);
}

static int action_run_media(struct emu_subsys *s, const struct emu_action *action)
{
	struct emu_ns *ns = emu_ns_find(s, action->nsid);

	if (!ns)
		return -ENOENT;
	if (action->lba >= ns->nsze || action->blocks > ns->nsze - action->lba)
		return -ERANGE;
	for (uint64_t i = 0; i < action->blocks; i++)
		emu_drive_media_error(ns->drive, (action->lba + i) << ns->lba_shift, !action->clear);
	return 0;
}

/* Off the bus: commands are lost, the medium and its cache are not; what comes back starts from nothing. */
void emu_fault_set_gone(struct emu_ctrl *c, bool gone)
{
	if (c->gone == gone)
		return;
	if (gone)
		emu_ctrl_reset(c, EMU_RESET_DISCONNECT);
	c->gone = gone;
	if (c->ops && c->ops->gone)
		c->ops->gone(c->host, gone);
	if (!gone)
		emu_ctrl_reset(c, EMU_RESET_POWER);
}

static void action_comeback(struct emu_timer *t)
{
	struct emu_comeback *back = EMU_ENTRY(t, struct emu_comeback, timer);

	emu_fault_set_gone(back->ctrl, false);
}

static int action_run_gone(struct emu_subsys *s, struct emu_ctrl *c, const struct emu_action *action)
{
	struct emu_comeback *back = &s->faults->comeback[c->function];
	bool gone = action->kind == EMU_ACTION_GONE;

	if (!back->timer.fn)
		emu_timer_init(&back->timer, action_comeback);
	back->ctrl = c;
	emu_timer_cancel(s, &back->timer);
	emu_fault_set_gone(c, gone);
	if (gone && action->ms)
		emu_timer_set(s, &back->timer, emu_now(s) + action->ms * 1000000ull);
	return 0;
}

static void action_unhang(struct emu_ctrl *c)
{
	bool registers = c->register_hang;

	c->hang = false;
	c->register_hang = false;
	emu_queue_resume(c);
	/* What the register side did not do meanwhile is done now. */
	if (registers && c->cc & GMX_CC_EN && !(c->csts & GMX_CSTS_RDY))
		emu_timer_set(c->s, &c->ready_timer, emu_now(c->s));
	else if (registers && !(c->cc & GMX_CC_EN) && c->csts & GMX_CSTS_RDY)
		emu_ctrl_end_life(c, "disabled");
}

void emu_fault_cure(struct emu_ctrl *c, enum emu_cure cure)
{
	if (!c->cure || cure < c->cure)
		return;
	c->hang = false;
	c->register_hang = false;
	c->cure = EMU_CURE_NONE;
}

static void action_link_error(struct emu_ctrl *c, const struct emu_action *action)
{
	static const char *const texts[] = { "correctable link error", "non-fatal link error", "fatal link error" };

	if (c->ops && c->ops->link_error)
		c->ops->link_error(c->host, action->number, action->bits);
	emu_health_link_error(c->s, action->number);
	emu_event_add(c->s, GMX_VND_EV_LINK_ERROR, c->function, (uint64_t)action->number << 32 | action->bits,
		      texts[action->number]);
}

static void action_one_of_storm(struct emu_subsys *s, const struct emu_action *action)
{
	switch (action->storm) {
	case EMU_STORM_SMART: emu_aer_send_all(s, GMX_AEN_SMART, GMX_AEN_SMART_TEMPERATURE, GMX_LOG_SMART); break;
	case EMU_STORM_NAMESPACE: emu_log_ns_changed(s, action->nsid, NULL); break;
	case EMU_STORM_ERROR:
		for (unsigned int i = 0; i < s->nr_ctrls; i++)
			emu_error_report(s->ctrls[i], GMX_AEN_ERROR_DIAG, 0xffff, GMX_SC_INTERNAL);
		break;
	default: emu_event_add(s, GMX_VND_EV_TEST, 0, 0, "one of a storm"); break;
	}
}

static void action_storm_timer(struct emu_timer *t)
{
	struct emu_storming *storm = EMU_ENTRY(t, struct emu_storming, timer);
	uint32_t batch = storm->action.ms ? 1 : ACTION_STORM_BATCH;

	for (; batch && storm->left; batch--, storm->left--)
		action_one_of_storm(storm->s, &storm->action);
	if (storm->left)
		emu_timer_set(storm->s, t, emu_now(storm->s) + EMU_MAX(storm->action.ms, 1u) * 1000000ull);
}

static int action_run_storm(struct emu_subsys *s, const struct emu_action *action)
{
	struct emu_storming *storm = &s->faults->storm;

	if (!storm->timer.fn)
		emu_timer_init(&storm->timer, action_storm_timer);
	storm->s = s;
	storm->action = *action;
	storm->left = action->number;
	emu_timer_set(s, &storm->timer, emu_now(s));
	return 0;
}

static int action_run_ctrl(struct emu_subsys *s, struct emu_ctrl *c, const struct emu_action *action)
{
	switch (action->kind) {
	case EMU_ACTION_GONE:
	case EMU_ACTION_BACK: return action_run_gone(s, c, action);
	case EMU_ACTION_HANG:
		c->cure = action->cure;
		if (action->registers)
			c->register_hang = true;
		else
			c->hang = true;
		return 0;
	case EMU_ACTION_UNHANG: action_unhang(c); return 0;
	case EMU_ACTION_FATAL: emu_regs_fatal(c, "injected fault"); return 0;
	case EMU_ACTION_LINK_ERROR: action_link_error(c, action); return 0;
	default: return -EINVAL;
	}
}

int emu_action_run(struct emu_subsys *s, const struct emu_action *action)
{
	struct emu_ctrl *c;

	switch (action->kind) {
	case EMU_ACTION_TEMPERATURE: emu_health_set_temperature(s, action->number); return 0;
	case EMU_ACTION_SPARE: emu_health_set_spare(s, action->number); return 0;
	case EMU_ACTION_DRIVE_FAIL:
	case EMU_ACTION_DRIVE_REPAIR: action_set_drive(s, action->drive, action->kind == EMU_ACTION_DRIVE_FAIL); return 0;
	case EMU_ACTION_MEDIA_ERROR: return action_run_media(s, action);
	case EMU_ACTION_EVENT: emu_event_add(s, action->code, action->object, action->value, action->text); return 0;
	case EMU_ACTION_STORM: return action_run_storm(s, action);
	default: c = emu_action_ctrl(s, action->function); return c ? action_run_ctrl(s, c, action) : -ENODEV;
	}
}

bool emu_action_fault(const struct emu_action *action, char *text, size_t len)
{
	snprintf(text, len, "%s (command)", actions[action->kind].name);
	switch (action->kind) {
	case EMU_ACTION_TEMPERATURE: return action->number;
	case EMU_ACTION_SPARE: return action->number < 100;
	case EMU_ACTION_MEDIA_ERROR: return !action->clear;
	case EMU_ACTION_DRIVE_REPAIR:
	case EMU_ACTION_BACK:
	case EMU_ACTION_UNHANG:
	case EMU_ACTION_EVENT: return false;
	default: return true;
	}
}

void emu_action_close(struct emu_subsys *s)
{
	if (s->faults->storm.timer.fn)
		emu_timer_cancel(s, &s->faults->storm.timer);
	for (unsigned int i = 0; i < EMU_MAX_FUNCTIONS; i++) {
		if (s->faults->comeback[i].timer.fn)
			emu_timer_cancel(s, &s->faults->comeback[i].timer);
	}
}
