/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GMXCTL_GENERATE_H
#define GMXCTL_GENERATE_H

void generate_man(void);
void generate_bash(void);
void generate_zsh(void);
void generate_fish(void);

#endif
