// SPDX-License-Identifier: GPL-2.0-or-later
/* gmxctl mi: what changes something. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mi.h"

#define MI_CONFIG_SET 0x03
#define MI_CONFIG_GET 0x04
#define MIN_MTU	      64

enum { CONFIG_FREQUENCY = 1, CONFIG_HEALTH = 2, CONFIG_MTU = 3 };

static const unsigned int khz[] = { 0, 100, 400, 1000 };

/* Configuration Get: frequency as NVMe-MI numbers it, or an MTU */
static int config_get(struct ctl *ctl, struct libgmx_ctrl *ctrl, unsigned int id, unsigned int port, unsigned int *value)
{
	uint32_t answer = 0;
	int status = mi_call(ctl, ctrl, false, id == CONFIG_MTU ? "MCTP transmission unit" : "SMBus frequency", MI_CONFIG_GET,
			     (uint32_t)port << 24 | id, 0, NULL, 0, &answer);

	*value = answer >> 8 & (id == CONFIG_MTU ? 0xffff : 0xff);
	return status;
}

const struct ctl_field mi_get_fields[] = {
	{ "name", K_TEXT, "name of the controller", F_LABEL, NULL },
	{ "port", K_NUMBER, "port of the subsystem", F_LABEL, NULL },
	{ "type", K_TEXT, "pcie, smbus or none", 0, NULL },
	{ "mtu", K_NUMBER, "MCTP transmission unit, bytes", 0, NULL },
	{ "max_mtu", K_NUMBER, "the largest that the port takes", 0, NULL },
	{ "frequency_khz", K_NUMBER, "of the SMBus; null: the port is none", 0, NULL },
	{ "max_frequency_khz", K_NUMBER, "the highest that the port takes", 0, NULL },
	{ NULL },
};

static void put_khz(struct json_object *r, const char *key, unsigned int frequency)
{
	if (frequency && frequency < ARRAY_SIZE(khz))
		put_number(r, key, khz[frequency]);
	else
		put_null(r, key);
}

int run_mi_get(struct ctl *ctl)
{
	unsigned int n = 0, mtu = 0, frequency;
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	struct mi_port port;
	char version[16];
	int status = ctl_open_one(ctl, &target, &ctrl);

	if (status)
		return status;
	status = mi_ports(ctl, ctrl, &n, version);
	for (unsigned int i = 0; i < n && !status; i++) {
		struct json_object *r;

		frequency = 0;
		status = mi_read_port(ctl, ctrl, i, &port);
		if (!status)
			status = config_get(ctl, ctrl, CONFIG_MTU, i, &mtu);
		if (!status && port.type == MI_PORT_SMBUS)
			status = config_get(ctl, ctrl, CONFIG_FREQUENCY, i, &frequency);
		if (status)
			break;
		r = ctl_record(ctl_list(ctl));
		put_text(r, "name", target.ctrl);
		put_number(r, "port", i);
		put_name(r, "type", mi_port_name(port.type), port.type);
		put_number(r, "mtu", mtu);
		put_number(r, "max_mtu", port.max_mtu);
		put_khz(r, "frequency_khz", frequency);
		put_khz(r, "max_frequency_khz", port.max_frequency);
	}
	libgmx_close(ctrl);
	return status;
}

/* A change of a setting: what was asked for, and what it is */
struct setting {
	unsigned int id;
	const char *name, *unit;
	unsigned int port;
	unsigned int wanted; /* as NVMe-MI has it */
	unsigned int from, to;
};

/* Values as people have them */
static unsigned int shown(const struct setting *s, unsigned int value)
{
	if (s->id == CONFIG_MTU)
		return value;
	return value < ARRAY_SIZE(khz) ? khz[value] : 0;
}

static int parse_setting(struct ctl *ctl, struct setting *s)
{
	const char *name = ctl->args[0], *text = ctl->args[1];
	uint64_t value;

	memset(s, 0, sizeof(*s));
	if (strcmp(name, "frequency") && strcmp(name, "mtu"))
		return ctl_fail(ctl, CTL_USAGE, "frequency mtu", "'%s' is no setting; one is", name);
	s->id = !strcmp(name, "mtu") ? CONFIG_MTU : CONFIG_FREQUENCY;
	s->name = s->id == CONFIG_MTU ? "mtu" : "frequency";
	s->unit = s->id == CONFIG_MTU ? "bytes" : "kHz";
	if (s->id == CONFIG_MTU) {
		if (!ctl_number(text, &value) || value < MIN_MTU || value > 0xffff)
			return ctl_usage(ctl, "mtu can't be '%s': it is a number of bytes from %u to 65535", text, MIN_MTU);
		s->wanted = (unsigned int)value;
		return CTL_OK;
	}
	for (unsigned int i = 1; i < ARRAY_SIZE(khz); i++)
		if (ctl_number(text, &value) && value == khz[i])
			s->wanted = i;
	return s->wanted ? CTL_OK : ctl_usage(ctl, "frequency can't be '%s': it is 100, 400 or 1000 kHz", text);
}

/* The port of --port; without it the SMBus, where the setting is the SMBus' */
static int find_port(struct ctl *ctl, struct libgmx_ctrl *ctrl, struct setting *s, struct mi_port *port)
{
	uint64_t asked = UINT64_MAX;
	unsigned int n = 0;
	char version[16];
	int status = ctl_option_number(ctl, "port", 0, 255, &asked);

	if (!status && asked == UINT64_MAX && s->id == CONFIG_MTU)
		return ctl_usage(ctl, "of which port? --port says it; gmxctl mi get lists them");
	if (!status)
		status = mi_ports(ctl, ctrl, &n, version);
	if (!status && asked != UINT64_MAX && asked >= n)
		return ctl_fail(ctl, CTL_USAGE, "gmxctl mi get lists them",
				"%s has the management ports 0 to %u, and no port %llu", libgmx_name(ctrl), n - 1,
				(unsigned long long)asked);
	for (unsigned int i = 0; i < n && !status; i++) {
		if (asked != UINT64_MAX && asked != i)
			continue;
		status = mi_read_port(ctl, ctrl, i, port);
		s->port = i;
		if (!status && (s->id == CONFIG_MTU || port->type == MI_PORT_SMBUS))
			return CTL_OK;
	}
	if (status)
		return status;
	return ctl_fail(ctl, CTL_UNSUPPORTED, "gmxctl mi get lists the ports", "%s of %s has a frequency: no SMBus",
			asked != UINT64_MAX ? "that port" : "no port", libgmx_name(ctrl));
}

static int fits(struct ctl *ctl, const char *name, const struct setting *s, const struct mi_port *port)
{
	unsigned int most = s->id == CONFIG_MTU ? port->max_mtu : port->max_frequency;

	if (!most || s->wanted <= most)
		return CTL_OK;
	return ctl_fail(ctl, CTL_REJECTED, "gmxctl mi get shows what each port takes", "port %u of %s takes %u %s at most",
			s->port, name, shown(s, most), s->unit);
}

const struct ctl_field mi_set_fields[] = {
	{ "name", K_TEXT, "name of the controller", 0, NULL },
	{ "port", K_NUMBER, "port of the subsystem", 0, NULL },
	{ "setting", K_TEXT, "frequency (kHz) or mtu (bytes)", 0, NULL },
	{ "from", K_NUMBER, "what it was", 0, NULL },
	{ "to", K_NUMBER, "what it is now", 0, NULL },
	{ NULL },
};

/* Set, and read again: a controller may take less than it was told */
static int set(struct ctl *ctl, struct libgmx_ctrl *ctrl, struct setting *s)
{
	uint32_t dw0 = s->port << 24 | s->id, answer = 0;
	struct json_object *r;
	int status;

	if (s->id == CONFIG_FREQUENCY)
		dw0 |= s->wanted << 8;
	status = mi_call(ctl, ctrl, true, s->name, MI_CONFIG_SET, dw0, s->id == CONFIG_MTU ? s->wanted : 0, NULL, 0, &answer);
	if (!status)
		status = config_get(ctl, ctrl, s->id, s->port, &s->to);
	if (status)
		return status;
	r = ctl_record(ctl_list(ctl));
	put_text(r, "name", libgmx_name(ctrl));
	put_number(r, "port", s->port);
	put_text(r, "setting", s->name);
	put_number(r, "from", shown(s, s->from));
	put_number(r, "to", shown(s, s->to));
	if (s->to != s->wanted)
		return ctl_fail(ctl, CTL_REJECTED, "gmxctl mi get shows what each port takes",
				"%s of port %u of %s is %u %s, not %u", s->name, s->port, libgmx_name(ctrl), shown(s, s->to),
				s->unit, shown(s, s->wanted));
	return CTL_OK;
}

int run_mi_set(struct ctl *ctl)
{
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	struct ctl one = *ctl;
	struct mi_port port;
	struct setting s;
	struct plan *plan;
	int status = parse_setting(ctl, &s);

	one.args += 2;
	one.nr_args -= 2;
	if (!status)
		status = ctl_open_one(&one, &target, &ctrl);
	if (status)
		return status;
	status = find_port(ctl, ctrl, &s, &port);
	if (!status)
		status = fits(ctl, target.ctrl, &s, &port);
	if (!status)
		status = config_get(ctl, ctrl, s.id, s.port, &s.from);
	if (!status) {
		plan = plan_new(ctl, "%s of the management port %u (%s) of %s is set from %u to %u %s:", s.name, s.port,
				mi_port_name(port.type) ? mi_port_name(port.type) : "other", target.ctrl, shown(&s, s.from),
				shown(&s, s.wanted), s.unit);
		plan_line(plan, "  a management controller that does not follow loses the subsystem; I/O does not notice");
		status = plan_confirm(plan, target.ctrl);
	}
	if (!status)
		status = set(ctl, ctrl, &s);
	libgmx_close(ctrl);
	return status == PLAN_DRY ? CTL_OK : status;
}

const struct ctl_field mi_clear_fields[] = {
	{ "name", K_TEXT, "name of the controller", 0, NULL },
	{ "cleared", K_TEXTS, "changes that are forgotten", 0, NULL },
	{ NULL },
};

/* Names with commas between as bits of mi_changes[] */
static int parse_changes(struct ctl *ctl, const char *text, unsigned int *out)
{
	char all[160];
	size_t n = 0;

	*out = 0;
	for (const char *p = text; *p; p += strcspn(p, ","), p += *p == ',') {
		size_t len = strcspn(p, ",");
		unsigned int found = 0;

		for (unsigned int i = 0; i < MI_NR_CHANGES; i++)
			if ((len == 3 && !strncmp(p, "all", 3)) ||
			    (strlen(mi_changes[i].name) == len && !strncmp(p, mi_changes[i].name, len)))
				found |= 1u << i;
		if (!found) {
			for (unsigned int i = 0; i < MI_NR_CHANGES && n < sizeof(all); i++)
				n += (size_t)snprintf(all + n, sizeof(all) - n, "%s ", mi_changes[i].name);
			return ctl_fail(ctl, CTL_USAGE, all, "'%.*s' is no change: all, or some of", (int)len, p);
		}
		*out |= found;
	}
	return *out ? CTL_OK : ctl_usage(ctl, "which changes? gmxctl mi health shows them");
}

int run_mi_clear(struct ctl *ctl)
{
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	struct ctl one = *ctl;
	struct json_object *r, *names;
	unsigned int changes;
	uint32_t answer = 0;
	int status = parse_changes(ctl, ctl->args[0], &changes);

	one.args++;
	one.nr_args--;
	if (!status)
		status = ctl_open_one(&one, &target, &ctrl);
	if (status)
		return status;
	/* one bit a name, in this order: the request has no gap */
	status = mi_call(ctl, ctrl, true, "health status change", MI_CONFIG_SET, CONFIG_HEALTH, changes, NULL, 0, &answer);
	libgmx_close(ctrl);
	if (status)
		return status;
	r = ctl_record(ctl_list(ctl));
	put_text(r, "name", target.ctrl);
	names = put_array(r, "cleared");
	for (unsigned int i = 0; i < MI_NR_CHANGES; i++)
		if (changes & 1u << i)
			json_object_array_add(names, json_object_new_string(mi_changes[i].name));
	return CTL_OK;
}

static int load_data(struct ctl *ctl, char **data, size_t *len)
{
	const char *file = ctl_option(ctl, "data");
	int status;

	*data = NULL;
	*len = 0;
	if (!file)
		return CTL_OK;
	status = file_read(ctl, file, MI_DATA_BYTES, data, len);
	if (!status && (!*len || *len % 4)) {
		free(*data);
		*data = NULL;
		return ctl_usage(ctl, "%s has %zu bytes: what is sent is a multiple of 4, and not nothing", file, *len);
	}
	return status;
}

int run_mi_send(struct ctl *ctl)
{
	uint64_t opcode = UINT64_MAX, dw0 = 0, dw1 = 0;
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl = NULL;
	struct plan *plan;
	uint32_t answer = 0;
	char *data = NULL;
	size_t len = 0;
	int status = ctl_option_number(ctl, "opcode", 0, 255, &opcode);

	if (!status && opcode == UINT64_MAX)
		return ctl_usage(ctl, "which command? --opcode says it");
	if (!status)
		status = ctl_option_number(ctl, "dword0", 0, 0xffffffff, &dw0);
	if (!status)
		status = ctl_option_number(ctl, "dword1", 0, 0xffffffff, &dw1);
	if (!status)
		status = load_data(ctl, &data, &len);
	if (!status)
		status = ctl_open_one(ctl, &target, &ctrl);
	if (!status) {
		plan = plan_new(ctl, "NVMe-MI command %02Xh is sent to %s:", (unsigned int)opcode, target.ctrl);
		plan_line(plan, "  dword 0 %08Xh, dword 1 %08Xh, %zu bytes of data", (unsigned int)dw0, (unsigned int)dw1, len);
		status = plan_confirm(plan, target.ctrl);
	}
	if (!status)
		status = mi_call(ctl, ctrl, true, "command", (unsigned int)opcode, (uint32_t)dw0, (uint32_t)dw1, data, len,
				 &answer);
	if (!status)
		mi_put_data(ctl, target.ctrl, answer, NULL, 0);
	libgmx_close(ctrl);
	free(data);
	return status == PLAN_DRY ? CTL_OK : status;
}

const struct ctl_option mi_set_options[] = {
	{ "port", 0, "N", "the port; without it the SMBus, where the setting is the SMBus'", NULL },
	{ NULL },
};

const struct ctl_option mi_send_options[] = {
	{ "opcode", 0, "N", "of the NVMe-MI command set", NULL },
	{ "dword0", 0, "N", "management dword 0 (0)", NULL },
	{ "dword1", 0, "N", "management dword 1 (0)", NULL },
	{ "data", 0, "FILE", "what is sent with it, up to 4096 bytes (nothing); - is standard input", NULL },
	{ NULL },
};
