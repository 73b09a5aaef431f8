/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "conf/container.h"

#include <stdlib.h>
#include <string.h>

const char *const container_allowances[ALLOW_COUNT] = {
	"shared-rootfs",
	"empty-root-password",
	"suid-mnt",
};

const char *const container_own_paths[OWN_COUNT] = {"/run", "/dev/shm"};

bool container_name_reserved(const char *name)
{
	return strcmp(name, "host") == 0 || strcmp(name, "share") == 0;
}

static void clear_binds(struct bind *binds, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		free(binds[i].source);
		free(binds[i].target);
	}
	free(binds);
}

void container_clear(struct container *container)
{
	size_t i;

	clear_binds(container->binds, container->bind_count);
	clear_binds(container->copies, container->copy_count);
	for (i = 0; i < container->bin_count; i++)
		free(container->bins[i]);
	free(container->name);
	free(container->path);
	free(container->bins);
	free(container->env_path);
	free(container->interpreter);
	free(container->people);
	memset(container, 0, sizeof(*container));
}
