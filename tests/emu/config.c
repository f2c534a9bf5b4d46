// SPDX-License-Identifier: GPL-2.0-or-later
/* The configuration file: defaults by family, every key, and an error that helps for whatever is wrong. */
#include "emu.h"
#undef ARRAY_SIZE
#include "tap.h"

static struct emu_config config;
static char error[EMU_ERROR_SIZE];

static int parse(const char *family, const char *json)
{
	json_object_put(config.faults);
	config.faults = NULL;
	error[0] = '\0';
	return emu_config_parse(&config, emu_family_find(family), json, error);
}

static void defaults(void)
{
	static const struct {
		const char *family, *form;
		unsigned int speed, width;
	} of[] = { { "g1", "add-in", 3, 8 }, { "g2", "u.2", 4, 4 }, { "g3", "e3.s", 5, 4 } };

	for (unsigned int i = 0; i < ARRAY_SIZE(of); i++) {
		check(!parse(of[i].family, i ? NULL : "{}"), "%s: %s", of[i].family, error);
		check(!strcmp(config.form_factor, of[i].form), "%s: form factor %s", of[i].family, config.form_factor);
		check(config.link_speed == of[i].speed && config.link_width == of[i].width, "%s: link", of[i].family);
		check(config.functions == 1 && config.interrupts == EMU_IRQ_MSIX, "%s: functions, interrupts", of[i].family);
		check(config.nr_ns == 1 && config.ns[0].bytes == 256u << 20 && config.ns[0].block == 512 && !config.ns[0].ms,
		      "%s: namespace", of[i].family);
		check(config.capacity == 1u << 30, "%s: capacity", of[i].family);
		check(config.write_cache && !config.flush_lies && config.cache_bytes == 8u << 20 && config.cache_us == 10000,
		      "%s: cache", of[i].family);
		check(config.latency == EMU_MEDIUM_NONE && !config.time_warp && !config.cmb_bytes && !config.commands, "%s: rest",
		      of[i].family);
		check(!config.serial[0] && !config.subnqn[0], "%s: identity is made later", of[i].family);
	}
	tap_group("defaults by family");
}

static void everything(void)
{
	static const char json[] =
		"{ \"serial\": \"SN 1\", \"subnqn\": \"nqn.2026-11.test:x\", \"functions\": 2, \"link_speed\": 2, \"link_width\": 16,"
		" \"form_factor\": \"m.2\", \"interrupts\": \"msi\", \"capacity\": \"2G\", \"namespaces\": ["
		" { \"size\": \"64M\" }, { \"size\": 1048576, \"block\": 4096, \"rotational\": true } ], \"write_cache\": false,"
		" \"cache_bytes\": \"64K\", \"cache_us\": 1000000, \"flush_lies\": true, \"seed\": 18446744073709551615,"
		" \"latency\": \"hdd\", \"ready_us\": 10000000, \"cap_to\": 255, \"cmb_bytes\": 0, \"commands\": 1024,"
		" \"time_warp\": true, \"faults\": [ { \"a\": 1 } ],"
		" \"plan\": \"faults.json\" }";

	check(!parse("g1", json), "%s", error);
	check(!strcmp(config.serial, "SN 1") && !strcmp(config.subnqn, "nqn.2026-11.test:x"), "identity");
	check(config.functions == 2 && config.link_speed == 2 && config.link_width == 16, "functions, link");
	check(!strcmp(config.form_factor, "m.2") && config.interrupts == EMU_IRQ_MSI, "form factor, interrupts");
	check(config.capacity == 2ull << 30 && config.nr_ns == 2, "capacity, namespaces");
	check(config.ns[0].bytes == 64u << 20 && config.ns[0].block == 512 && !config.ns[0].rotational, "first namespace");
	check(config.ns[1].bytes == 1u << 20 && config.ns[1].block == 4096 && config.ns[1].rotational, "second namespace");
	check(!config.write_cache && config.flush_lies && config.cache_bytes == 64u << 10 && config.cache_us == 1000000, "cache");
	check(config.seed == UINT64_MAX && config.latency == EMU_MEDIUM_HDD && config.ready_us == 10000000 &&
		      config.cap_to == 255,
	      "seed, latency, ready");
	check(config.time_warp && config.commands == 1024 && !strcmp(config.plan, "faults.json"), "time warp, commands, plan");
	check(config.faults && json_object_array_length(config.faults) == 1, "faults");
	check(!parse("g3", "{ \"namespaces\": [], \"cmb_bytes\": 0, \"latency\": \"ssd\" }"), "%s", error);
	check(!config.nr_ns && !config.cmb_bytes && config.latency == EMU_MEDIUM_SSD, "none, no buffer, ssd");
	check(!parse("g2", "{ \"cmb_bytes\": \"4K\" }") && config.cmb_bytes == 4096, "the smallest buffer");
	check(!parse("g3", "{ \"cmb_bytes\": \"64M\" }") && config.cmb_bytes == 64u << 20, "the largest");
	check(!parse("g2", "{ \"namespaces\": [ { \"size\": \"3G\" }, { \"size\": \"1T\" } ] }"), "%s", error);
	check(config.capacity == (3ull << 30) + (1ull << 40), "capacity follows the namespaces");
	tap_group("every key");
}

static void metadata(void)
{
	char json[128];
	bool seen = false;

	for (unsigned int i = 0; i < emu_family_nr_lbaf(emu_family_find("g3")); i++) {
		snprintf(json, sizeof(json), "{ \"namespaces\": [ { \"size\": \"1M\", \"block\": %u, \"metadata\": %u } ] }",
			 1u << emu_lbafs[i].shift, emu_lbafs[i].ms);
		check(!parse("g3", json), "format %u: %s", i, error);
		check(config.ns[0].block == 1u << emu_lbafs[i].shift && config.ns[0].ms == emu_lbafs[i].ms, "format %u", i);
		if (!emu_lbafs[i].ms)
			continue;
		seen = true;
		check(parse("g1", json), "g1 takes metadata");
	}
	check(seen, "no format with metadata");
	tap_group("block formats by family");
}

static void mistakes(void)
{
	static const struct {
		const char *family, *json, *says;
	} wrong[] = {
		{ "g2", "", "line 1" },
		{ "g2", "{", "line 1" },
		{ "g2", "{\n\n\"serial\" 1 }", "line 3" },
		{ "g2", "{ \"seed\": 1, }", "line 1" },
		{ "g2", "{} x", "line 1" },
		{ "g2", "[]", "must be a JSON object" },
		{ "g2", "null", "must be a JSON object" },
		{ "g2", "{ \"sead\": 1 }", "\"sead\" is unknown" },
		{ "g2", "{ \"serial\": 1 }", "\"serial\" must be a text of 1 to 20" },
		{ "g2", "{ \"serial\": \"\" }", "\"serial\" must be a text of 1 to 20" },
		{ "g2", "{ \"serial\": \"123456789012345678901\" }", "\"serial\" must be a text of 1 to 20" },
		{ "g2", "{ \"serial\": \"a\\tb\" }", "printable" },
		{ "g2", "{ \"serial\": \" a\" }", "space" },
		{ "g2", "{ \"subnqn\": \"iqn.x\" }", "must begin with nqn." },
		{ "g2", "{ \"functions\": 3 }", "\"functions\" is 3: from 1 to 2" },
		{ "g2", "{ \"functions\": -1 }", "\"functions\" is -1: from 1 to 2" },
		{ "g2", "{ \"functions\": 1.5 }", "whole number" },
		{ "g2", "{ \"functions\": \"2\" }", "whole number" },
		{ "g2", "{ \"link_speed\": 6 }", "from 1 to 5" },
		{ "g2", "{ \"link_width\": 3 }", "1, 2, 4, 8 or 16" },
		{ "g2", "{ \"form_factor\": \"u.3\" }", "\"u.2\", \"m.2\"" },
		{ "g2", "{ \"interrupts\": \"intx\" }", "\"pin\", \"msi\", \"msix\"" },
		{ "g2", "{ \"capacity\": \"4095\" }", "from 4K to 64T" },
		{ "g2", "{ \"capacity\": \"6000\" }", "multiple of 4K" },
		{ "g2", "{ \"capacity\": \"65T\" }", "from 4K to 64T" },
		{ "g2", "{ \"capacity\": \"99999999999999999999G\" }", "from 4K to 64T" },
		{ "g2", "{ \"capacity\": \"1P\" }", "from 4K to 64T" },
		{ "g2", "{ \"capacity\": \"1GB\" }", "from 4K to 64T" },
		{ "g2", "{ \"capacity\": \"-1G\" }", "from 4K to 64T" },
		{ "g2", "{ \"capacity\": null }", "from 4K to 64T" },
		{ "g2", "{ \"capacity\": \"1M\" }", "\"namespaces\" need 256M, \"capacity\" is 1M" },
		{ "g2", "{ \"namespaces\": 1 }", "must be a list" },
		{ "g2", "{ \"namespaces\": [ 1 ] }", "must be a list of objects" },
		{ "g2", "{ \"namespaces\": [ {} ] }", "namespace 1 has no \"size\"" },
		{ "g2", "{ \"namespaces\": [ { \"size\": \"1M\", \"blocks\": 1 } ] }",
		  "\"blocks\" of \"namespaces\" is unknown" },
		{ "g2", "{ \"namespaces\": [ { \"size\": \"1M\", \"block\": 1024 } ] }", "is no format of" },
		{ "g2", "{ \"namespaces\": [ { \"size\": \"1M\", \"block\": 256 } ] }", "from 512 to 4096" },
		{ "g2", "{ \"namespaces\": [ { \"size\": \"1M\", \"rotational\": true } ] }", "no rotating drives" },
		{ "g2", "{ \"write_cache\": 1 }", "true or false" },
		{ "g2", "{ \"cache_bytes\": 4096 }", "from 64K to 1G" },
		{ "g2", "{ \"seed\": -1 }", "\"seed\" is -1" },
		{ "g2", "{ \"latency\": \"hdd\" }", "no rotating drives" },
		{ "g2", "{ \"latency\": \"fast\" }", "\"none\", \"ssd\", \"hdd\"" },
		{ "g2", "{ \"cache_us\": 0 }", "from 1 to 1000000" },
		{ "g2", "{ \"ready_us\": 10000001 }", "from 0 to 10000000" },
		{ "g2", "{ \"commands\": 1025 }", "from 0 to 1024" },
		{ "g3", "{ \"cmb_bytes\": \"12K\" }", "power of two" },
		{ "g3", "{ \"cmb_bytes\": 2048 }", "multiple of 4K" },
		{ "g1", "{ \"cmb_bytes\": \"64K\" }", "no controller memory buffer" },
		{ "g2", "{ \"faults\": {} }", "must be a list of objects" },
		{ "g2", "{ \"faults\": [ {}, 2 ] }", "must be a list of objects" },
		{ "g2", "{ \"plan\": \"\" }", "1 to 255" },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(wrong); i++) {
		check(parse(wrong[i].family, wrong[i].json), "%s was taken", wrong[i].json);
		check(strstr(error, wrong[i].says) && !strncmp(error, "configuration: ", 15), "%s: \"%s\" does not say \"%s\"",
		      wrong[i].json, error, wrong[i].says);
	}
	check(parse("g2", "{ \"faults\": [ {} ], \"plan\": 1 }") && !config.faults, "faults of a refused file are kept");
	tap_group("mistakes are named");
}

static void many(void)
{
	char json[8192] = "{ \"namespaces\": [";

	for (unsigned int i = 0; i <= EMU_MAX_NS; i++)
		strcat(json, i ? ", { \"size\": 4096 }" : " { \"size\": 4096 }");
	strcat(json, " ] }");
	check(parse("g2", json), "65 namespaces were taken");
	check(strstr(error, "at most 64"), "%s", error);
	tap_group("as many namespaces as there may be");
}

int main(void)
{
	defaults();
	everything();
	metadata();
	mistakes();
	many();
	parse("g2", NULL);
	return tap_done();
}
