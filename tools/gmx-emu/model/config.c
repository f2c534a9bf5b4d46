// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The configuration file: a JSON object. Sizes are bytes, or a text of a number and K, M, G or T.
 *
 * key          | what                                          | values                        | default
 * -------------+-----------------------------------------------+-------------------------------+------------------------
 * serial       | serial number                                 | 1 to 20 printable characters  | made with the state
 * subnqn       | NVMe qualified name of the subsystem          | "nqn.", at most 223 bytes     | made with the state
 * functions    | physical functions                            | 1, 2                          | 1
 * link_speed   | PCIe generation                               | 1 to 5                        | G1 3, G2 4, G3 5
 * link_width   | lanes                                         | 1, 2, 4, 8, 16                | G1 8, others 4
 * form_factor  | "u.2", "m.2", "e1.s", "e3.s", "add-in"        |                               | add-in, u.2, e3.s
 * interrupts   | the best way offered: "msix", "msi" or "pin"  |                               | "msix"
 * capacity     | of all drives                                 | 4K to 64T, multiple of 4K     | 1G, or what namespaces need
 * namespaces   | made together with the state folder: objects  | at most 64                    | one of 256M
 *   size       | its capacity; must be given                   | 4K to 64T, multiple of 4K     |
 *   block      | data bytes of a block                         | those of the family           | 512
 *   metadata   | metadata bytes of a block                     | those of the family           | 0
 *   rotational | on a rotating drive                           | true only for G1              | false
 * write_cache  | there is a volatile write cache               | true, false                   | true
 * cache_bytes  | its size                                      | 64K to 1G                     | 8M
 * cache_us     | most time between two writes of it by itself  | 1 to 1000000                  | 10000
 * flush_lies   | Flush is answered and forgotten, for tests    | true, false                   | false
 * seed         | of everything that is random                  | 0 to 2^64-1                   | 1
 * latency      | "none", "ssd", "hdd": of the medium. A        |                               | "none"
 *              | rotating drive is never faster than "hdd"     |                               |
 * ready_us     | from CC.EN to CSTS.RDY                        | 0 to 10000000                 | 1000
 * cap_to       | CAP.TO, what it says of that time, in 500 ms  | 1 to 255                      | 20
 * cmb_bytes    | controller memory buffer                      | 0, or a power of two, 4K..64M | 0
 * commands     | I/O commands that a controller works on at    | 0: all that come, to 1024     | 0
 *              | once; others wait in their queues             |                               |
 * time_warp    | long operations take milliseconds             | true, false                   | false
 * faults       | rules, as the control socket's fault-add      | objects                       | none
 * plan         | file with a list of such rules                | 1 to 255 characters           | none
 */
#include <errno.h>
#include <limits.h>

#include "emu.h"
#include "hash.h"

#define CONFIG_PAGE	4096u
#define CONFIG_MAX_SIZE (64ull << 40)

struct config_parser {
	struct emu_config *config;
	const struct emu_traits *traits;
	char *error;
	bool has_capacity;
};

__attribute__((format(printf, 2, 3))) static int config_fail(struct config_parser *p, const char *fmt, ...)
{
	va_list args;
	int n = snprintf(p->error, EMU_ERROR_SIZE, "configuration: ");

	va_start(args, fmt);
	vsnprintf(p->error + n, (size_t)(EMU_ERROR_SIZE - n), fmt, args);
	va_end(args);
	return -EINVAL;
}

static int config_int(struct config_parser *p, const char *key, json_object *value, uint64_t min, uint64_t max, uint64_t *out)
{
	if (!json_object_is_type(value, json_type_int))
		return config_fail(p, "\"%.40s\" must be a whole number from %llu to %llu", key, (unsigned long long)min,
				   (unsigned long long)max);
	*out = json_object_get_uint64(value);
	if (json_object_get_int64(value) < 0 || *out < min || *out > max)
		return config_fail(p, "\"%.40s\" is %.30s: from %llu to %llu", key, json_object_get_string(value),
				   (unsigned long long)min, (unsigned long long)max);
	return 0;
}

static int config_bool(struct config_parser *p, const char *key, json_object *value, bool *out)
{
	if (!json_object_is_type(value, json_type_boolean))
		return config_fail(p, "\"%.40s\" must be true or false", key);
	*out = json_object_get_boolean(value);
	return 0;
}

static const char *config_size_text(uint64_t size, char *buf, size_t len)
{
	static const char units[] = "KMGT";
	unsigned int unit = 0;

	for (size >>= 10; unit < 3 && size && !(size & 1023); size >>= 10)
		unit++;
	snprintf(buf, len, "%llu%c", (unsigned long long)size, units[unit]);
	return buf;
}

/* A number of bytes, or "256M" */
static bool config_size_parse(json_object *value, uint64_t *out)
{
	static const char units[] = "KMGT";
	const char *text, *unit;
	char *end;

	if (json_object_is_type(value, json_type_int)) {
		*out = json_object_get_uint64(value);
		return json_object_get_int64(value) >= 0;
	}
	if (!json_object_is_type(value, json_type_string))
		return false;
	text = json_object_get_string(value);
	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*out = strtoull(text, &end, 10);
	if (errno)
		return false;
	if (!*end)
		return true;
	unit = strchr(units, *end);
	if (!unit || end[1] || *out > CONFIG_MAX_SIZE)
		return false;
	for (const char *u = units; u <= unit; u++) {
		if (*out > UINT64_MAX >> 10)
			return false;
		*out <<= 10;
	}
	return true;
}

static int config_size(struct config_parser *p, const char *key, json_object *value, uint64_t min, uint64_t max, uint64_t *out)
{
	char from[24], to[24];

	if (!config_size_parse(value, out) || *out < min || *out > max || *out % CONFIG_PAGE)
		return config_fail(p, "\"%.40s\" is %.30s: a size from %s to %s, multiple of 4K", key,
				   json_object_to_json_string(value), config_size_text(min, from, sizeof(from)),
				   config_size_text(max, to, sizeof(to)));
	return 0;
}

/* Index of a word, or a negative errno */
static int config_word(struct config_parser *p, const char *key, json_object *value, const char *const *words, unsigned int nr)
{
	char list[100] = "";

	for (unsigned int i = 0; i < nr; i++) {
		if (json_object_is_type(value, json_type_string) && !strcmp(json_object_get_string(value), words[i]))
			return (int)i;
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s\"%s\"", i ? ", " : "", words[i]);
	}
	return config_fail(p, "\"%.40s\" is %.30s: one of %s", key, json_object_to_json_string(value), list);
}

static int config_text(struct config_parser *p, const char *key, json_object *value, char *out, size_t room)
{
	const char *text = json_object_get_string(value);
	size_t len = text ? strlen(text) : 0;

	if (!json_object_is_type(value, json_type_string) || !len || len >= room)
		return config_fail(p, "\"%.40s\" must be a text of 1 to %zu bytes", key, room - 1);
	for (size_t i = 0; i < len; i++)
		if (text[i] < 0x20 || text[i] > 0x7e)
			return config_fail(p, "\"%.40s\" must be of printable ASCII characters", key);
	if (text[0] == ' ' || text[len - 1] == ' ')
		return config_fail(p, "\"%.40s\" must neither begin nor end with a space", key);
	memcpy(out, text, len + 1);
	return 0;
}

static int config_subnqn(struct config_parser *p, const char *key, json_object *value)
{
	int ret = config_text(p, key, value, p->config->subnqn, sizeof(p->config->subnqn));

	if (!ret && strncmp(p->config->subnqn, "nqn.", 4))
		return config_fail(p, "\"%s\" must begin with nqn.", key);
	return ret;
}

static int config_serial(struct config_parser *p, const char *key, json_object *value)
{
	return config_text(p, key, value, p->config->serial, sizeof(p->config->serial));
}

static int config_functions(struct config_parser *p, const char *key, json_object *value)
{
	uint64_t n;
	int ret = config_int(p, key, value, 1, 2, &n);

	if (!ret)
		p->config->functions = (unsigned int)n;
	return ret;
}

static int config_link_speed(struct config_parser *p, const char *key, json_object *value)
{
	uint64_t n;
	int ret = config_int(p, key, value, 1, 5, &n);

	if (!ret)
		p->config->link_speed = (unsigned int)n;
	return ret;
}

static int config_link_width(struct config_parser *p, const char *key, json_object *value)
{
	uint64_t n;
	int ret = config_int(p, key, value, 1, 16, &n);

	if (!ret && n & (n - 1))
		return config_fail(p, "\"%s\" is %llu: 1, 2, 4, 8 or 16", key, (unsigned long long)n);
	if (!ret)
		p->config->link_width = (unsigned int)n;
	return ret;
}

static int config_form_factor(struct config_parser *p, const char *key, json_object *value)
{
	static const char *const words[] = { "u.2", "m.2", "e1.s", "e3.s", "add-in" };
	int i = config_word(p, key, value, words, ARRAY_SIZE(words));

	if (i < 0)
		return i;
	snprintf(p->config->form_factor, sizeof(p->config->form_factor), "%s", words[i]);
	return 0;
}

static int config_interrupts(struct config_parser *p, const char *key, json_object *value)
{
	static const char *const words[] = { [EMU_IRQ_PIN] = "pin", [EMU_IRQ_MSI] = "msi", [EMU_IRQ_MSIX] = "msix" };
	int i = config_word(p, key, value, words, ARRAY_SIZE(words));

	if (i >= 0)
		p->config->interrupts = (enum emu_irq_mode)i;
	return EMU_MIN(i, 0);
}

static int config_faults(struct config_parser *p, const char *key, json_object *value)
{
	if (!json_object_is_type(value, json_type_array))
		return config_fail(p, "\"%s\" must be a list of objects", key);
	for (size_t i = 0; i < json_object_array_length(value); i++)
		if (!json_object_is_type(json_object_array_get_idx(value, i), json_type_object))
			return config_fail(p, "\"%s\" must be a list of objects", key);
	p->config->faults = json_object_get(value);
	return 0;
}

static int config_plan(struct config_parser *p, const char *key, json_object *value)
{
	return config_text(p, key, value, p->config->plan, sizeof(p->config->plan));
}

static int config_capacity(struct config_parser *p, const char *key, json_object *value)
{
	p->has_capacity = true;
	return config_size(p, key, value, CONFIG_PAGE, CONFIG_MAX_SIZE, &p->config->capacity);
}

static int config_write_cache(struct config_parser *p, const char *key, json_object *value)
{
	return config_bool(p, key, value, &p->config->write_cache);
}

static int config_cache_bytes(struct config_parser *p, const char *key, json_object *value)
{
	return config_size(p, key, value, 64u << 10, 1u << 30, &p->config->cache_bytes);
}

static int config_cache_us(struct config_parser *p, const char *key, json_object *value)
{
	uint64_t n;
	int ret = config_int(p, key, value, 1, 1000000, &n);

	if (!ret)
		p->config->cache_us = (uint32_t)n;
	return ret;
}

static int config_flush_lies(struct config_parser *p, const char *key, json_object *value)
{
	return config_bool(p, key, value, &p->config->flush_lies);
}

static int config_seed(struct config_parser *p, const char *key, json_object *value)
{
	return config_int(p, key, value, 0, UINT64_MAX, &p->config->seed);
}

static int config_latency(struct config_parser *p, const char *key, json_object *value)
{
	static const char *const words[] = { [EMU_MEDIUM_NONE] = "none", [EMU_MEDIUM_SSD] = "ssd", [EMU_MEDIUM_HDD] = "hdd" };
	int i = config_word(p, key, value, words, ARRAY_SIZE(words));

	if (i < 0)
		return i;
	if (i == EMU_MEDIUM_HDD && !p->traits->rotational)
		return config_fail(p, "\"%s\" is \"hdd\": %s has no rotating drives", key, p->traits->name);
	p->config->latency = i;
	return 0;
}

static int config_ready_us(struct config_parser *p, const char *key, json_object *value)
{
	uint64_t n;
	int ret = config_int(p, key, value, 0, 10000000, &n);

	if (!ret)
		p->config->ready_us = (uint32_t)n;
	return ret;
}

static int config_cap_to(struct config_parser *p, const char *key, json_object *value)
{
	uint64_t n;
	int ret = config_int(p, key, value, 1, 255, &n);

	if (!ret)
		p->config->cap_to = (uint8_t)n;
	return ret;
}

static int config_cmb_bytes(struct config_parser *p, const char *key, json_object *value)
{
	int ret = config_size(p, key, value, 0, 64u << 20, &p->config->cmb_bytes);
	uint64_t n = p->config->cmb_bytes;

	if (!ret && n & (n - 1))
		return config_fail(p, "\"%s\" is %llu: 0, or a power of two from 4K to 64M", key, (unsigned long long)n);
	if (!ret && n && !p->traits->cmb)
		return config_fail(p, "\"%s\" must be 0: %s has no controller memory buffer", key, p->traits->name);
	return ret;
}

static int config_commands(struct config_parser *p, const char *key, json_object *value)
{
	uint64_t n;
	int ret = config_int(p, key, value, 0, 1024, &n);

	if (!ret)
		p->config->commands = (unsigned int)n;
	return ret;
}

static int config_time_warp(struct config_parser *p, const char *key, json_object *value)
{
	return config_bool(p, key, value, &p->config->time_warp);
}

static int config_namespace(struct config_parser *p, unsigned int idx, json_object *object)
{
	struct emu_config *config = p->config;
	uint64_t block = 512, ms = 0, bytes = 0;
	bool rotational = false;

	if (!json_object_is_type(object, json_type_object))
		return config_fail(p, "\"namespaces\" must be a list of objects");
	json_object_object_foreach(object, key, value)
	{
		int ret;

		if (!strcmp(key, "size"))
			ret = config_size(p, key, value, CONFIG_PAGE, CONFIG_MAX_SIZE, &bytes);
		else if (!strcmp(key, "block"))
			ret = config_int(p, key, value, 512, 4096, &block);
		else if (!strcmp(key, "metadata"))
			ret = config_int(p, key, value, 0, 4096, &ms);
		else if (!strcmp(key, "rotational"))
			ret = config_bool(p, key, value, &rotational);
		else
			ret = config_fail(
				p, "\"%.40s\" of \"namespaces\" is unknown: size, block, metadata and rotational are known", key);
		if (ret)
			return ret;
	}
	if (!bytes)
		return config_fail(p, "namespace %u has no \"size\"", idx + 1);
	if (rotational && !p->traits->rotational)
		return config_fail(p, "\"rotational\" must be false: %s has no rotating drives", p->traits->name);
	for (unsigned int i = 0; i < emu_family_nr_lbaf(p->traits); i++) {
		if (1ull << emu_lbafs[i].shift == block && emu_lbafs[i].ms == ms) {
			config->ns[idx].bytes = bytes;
			config->ns[idx].block = (unsigned int)block;
			config->ns[idx].ms = (unsigned int)ms;
			config->ns[idx].rotational = rotational;
			return 0;
		}
	}
	return config_fail(p, "\"block\" %llu with \"metadata\" %llu is no format of %s", (unsigned long long)block,
			   (unsigned long long)ms, p->traits->name);
}

static int config_namespaces(struct config_parser *p, const char *key, json_object *value)
{
	size_t nr;

	if (!json_object_is_type(value, json_type_array))
		return config_fail(p, "\"%s\" must be a list of objects", key);
	nr = json_object_array_length(value);
	if (nr > EMU_MAX_NS)
		return config_fail(p, "\"%s\" has %zu entries: at most %u", key, nr, EMU_MAX_NS);
	p->config->nr_ns = (unsigned int)nr;
	for (unsigned int i = 0; i < nr; i++) {
		int ret = config_namespace(p, i, json_object_array_get_idx(value, i));

		if (ret)
			return ret;
	}
	return 0;
}

static const struct {
	const char *name;
	int (*parse)(struct config_parser *p, const char *key, json_object *value);
} config_keys[] = {
	{ "serial", config_serial },	       { "subnqn", config_subnqn },
	{ "functions", config_functions },     { "link_speed", config_link_speed },
	{ "link_width", config_link_width },   { "form_factor", config_form_factor },
	{ "interrupts", config_interrupts },   { "capacity", config_capacity },
	{ "namespaces", config_namespaces },   { "write_cache", config_write_cache },
	{ "cache_bytes", config_cache_bytes }, { "cache_us", config_cache_us },
	{ "flush_lies", config_flush_lies },   { "seed", config_seed },
	{ "latency", config_latency },	       { "ready_us", config_ready_us },
	{ "cap_to", config_cap_to },	       { "cmb_bytes", config_cmb_bytes },
	{ "commands", config_commands },       { "time_warp", config_time_warp },
	{ "faults", config_faults },	       { "plan", config_plan },
};

static void config_defaults(struct emu_config *config, const struct emu_traits *traits)
{
	static const char *const forms[] = { [EMU_G1] = "add-in", [EMU_G2] = "u.2", [EMU_G3] = "e3.s" };

	memset(config, 0, sizeof(*config));
	config->functions = 1;
	config->link_speed = traits->id == EMU_G1 ? 3 : traits->id == EMU_G2 ? 4 : 5;
	config->link_width = traits->id == EMU_G1 ? 8 : 4;
	snprintf(config->form_factor, sizeof(config->form_factor), "%s", forms[traits->id]);
	config->interrupts = EMU_IRQ_MSIX;
	config->capacity = 1u << 30;
	config->nr_ns = 1;
	config->ns[0].bytes = 256u << 20;
	config->ns[0].block = 512;
	config->write_cache = true;
	config->cache_bytes = 8u << 20;
	config->cache_us = 10000;
	config->seed = 1;
	config->latency = EMU_MEDIUM_NONE;
	config->ready_us = 1000;
	config->cap_to = 20;
}

static int config_object(struct config_parser *p, json_object *root)
{
	uint64_t sum = 0;
	char used[24], there[24];

	if (!json_object_is_type(root, json_type_object))
		return config_fail(p, "must be a JSON object");
	json_object_object_foreach(root, key, value)
	{
		unsigned int i = 0;
		int ret;

		while (i < ARRAY_SIZE(config_keys) && strcmp(config_keys[i].name, key))
			i++;
		if (i == ARRAY_SIZE(config_keys))
			return config_fail(p, "\"%.40s\" is unknown", key);
		ret = config_keys[i].parse(p, key, value);
		if (ret)
			return ret;
	}
	for (unsigned int i = 0; i < p->config->nr_ns; i++)
		sum += p->config->ns[i].bytes;
	if (!p->has_capacity)
		p->config->capacity = EMU_MAX(p->config->capacity, sum);
	if (sum > p->config->capacity)
		return config_fail(p, "\"namespaces\" need %s, \"capacity\" is %s", config_size_text(sum, used, sizeof(used)),
				   config_size_text(p->config->capacity, there, sizeof(there)));
	return 0;
}

int emu_config_parse(struct emu_config *config, const struct emu_traits *traits, const char *json, char *error)
{
	struct config_parser p = { config, traits, error, false };
	json_tokener *tok;
	json_object *root;
	size_t len, at;
	int ret;

	config_defaults(config, traits);
	if (!json)
		return 0;
	len = strlen(json);
	tok = len < INT_MAX ? json_tokener_new() : NULL;
	if (!tok)
		return config_fail(&p, "too large");
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	root = json_tokener_parse_ex(tok, json, (int)len + 1);
	if (json_tokener_get_error(tok) != json_tokener_success) {
		unsigned int line = 1;

		at = json_tokener_get_parse_end(tok);
		for (size_t i = 0; i < at && i < len; i++)
			line += json[i] == '\n';
		ret = config_fail(&p, "line %u: %s", line, json_tokener_error_desc(json_tokener_get_error(tok)));
	} else {
		ret = config_object(&p, root);
	}
	if (ret) {
		json_object_put(config->faults);
		config->faults = NULL;
	}
	json_object_put(root);
	json_tokener_free(tok);
	return ret;
}

/* The folder is part of it, so that two subsystems of one machine differ; once made it stays, wherever the folder goes. */
void emu_config_identity(struct emu_subsys *s)
{
	json_object *saved = emu_nvram_get(s, "identity");
	char uuid[37];

	if (!json_object_is_type(saved, json_type_string) || json_object_get_string_len(saved) != 32) {
		char *path = realpath(s->dir, NULL);
		const char *name = path ? path : s->dir;
		uint64_t high = emu_hash(name, strlen(name), s->config.seed), low = emu_hash(name, strlen(name), high);
		char text[33];

		snprintf(text, sizeof(text), "%016llx%016llx", (unsigned long long)high, (unsigned long long)low);
		free(path);
		saved = json_object_new_string(text);
		emu_nvram_set(s, "identity", saved);
	}
	snprintf(uuid, sizeof(uuid), "%.8s-%.4s-8%.3s-8%.3s-%.12s", json_object_get_string(saved),
		 json_object_get_string(saved) + 8, json_object_get_string(saved) + 13, json_object_get_string(saved) + 17,
		 json_object_get_string(saved) + 20);
	if (!s->config.serial[0]) {
		snprintf(s->config.serial, sizeof(s->config.serial), "GMX%d%.12s", s->traits->id,
			 json_object_get_string(saved) + 20);
		for (char *c = s->config.serial; *c; c++)
			if (*c >= 'a' && *c <= 'f')
				*c -= 'a' - 'A';
	}
	if (!s->config.subnqn[0])
		snprintf(s->config.subnqn, sizeof(s->config.subnqn), "nqn.2014-08.org.nvmexpress:uuid:%s", uuid);
}
