/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "handles.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* An id: a slot's index in the low bits, above it a count that began with the time of our birth. */
#define SLOT_BITS 20
#define SLOT_MASK ((UINT64_C(1) << SLOT_BITS) - 1)

struct handles {
	pthread_mutex_t lock;
	struct dirhandle **slots;
	size_t size;
	size_t lowest; /* no slot below is free */
	uint64_t count;
	struct adopted *adopted;
};

struct adopted {
	struct dirhandle handle; /* the first member */
	struct adopted *next;
};

struct handles *handles_new(void)
{
	struct handles *handles = calloc(1, sizeof(*handles));
	struct timespec now;

	if (!handles)
		return NULL;
	pthread_mutex_init(&handles->lock, NULL);
	clock_gettime(CLOCK_REALTIME, &now);
	/* A thousand a millisecond would have to be opened until a later life meets one of ours. */
	handles->count = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
	return handles;
}

/* The lock is held. The index of a free slot, or the size without memory. */
static size_t find_slot(struct handles *handles)
{
	size_t i, size = handles->size ? 2 * handles->size : 16;
	struct dirhandle **more;

	for (i = handles->lowest; i < handles->size; i++)
		if (!handles->slots[i])
			return i;
	if (size > SLOT_MASK)
		return handles->size;
	more = reallocarray(handles->slots, size, sizeof(*more));
	if (!more)
		return handles->size;
	for (i = handles->size; i < size; i++)
		more[i] = NULL;
	i = handles->size;
	handles->slots = more;
	handles->size = size;
	return i;
}

struct dirhandle *handles_add(struct handles *handles)
{
	struct dirhandle *handle = calloc(1, sizeof(*handle));
	size_t i;

	if (!handle)
		return NULL;
	pthread_mutex_lock(&handles->lock);
	i = find_slot(handles);
	if (i < handles->size) {
		handle->id = handles->count++ << SLOT_BITS | i;
		handles->slots[i] = handle;
		handles->lowest = i + 1;
	}
	pthread_mutex_unlock(&handles->lock);
	if (handle->id)
		return handle;
	free(handle);
	return NULL;
}

struct dirhandle *handles_find(struct handles *handles, uint64_t id)
{
	struct dirhandle *handle = NULL;
	struct adopted *adopted;
	size_t i = id & SLOT_MASK;

	pthread_mutex_lock(&handles->lock);
	if (i < handles->size && handles->slots[i] && handles->slots[i]->id == id)
		handle = handles->slots[i];
	for (adopted = handles->adopted; adopted && !handle; adopted = adopted->next)
		if (adopted->handle.id == id)
			handle = &adopted->handle;
	pthread_mutex_unlock(&handles->lock);
	return handle;
}

struct dirhandle *handles_adopt(struct handles *handles, uint64_t id)
{
	struct adopted *adopted = calloc(1, sizeof(*adopted));

	if (!adopted)
		return NULL;
	adopted->handle.id = id;
	pthread_mutex_lock(&handles->lock);
	adopted->next = handles->adopted;
	handles->adopted = adopted;
	pthread_mutex_unlock(&handles->lock);
	return &adopted->handle;
}

void handles_remove(struct handles *handles, struct dirhandle *handle)
{
	size_t i = handle->id & SLOT_MASK;
	struct adopted **link;

	pthread_mutex_lock(&handles->lock);
	if (i < handles->size && handles->slots[i] == handle) {
		handles->slots[i] = NULL;
		if (i < handles->lowest)
			handles->lowest = i;
	} else {
		link = &handles->adopted;
		while (&(*link)->handle != handle)
			link = &(*link)->next;
		*link = (*link)->next;
	}
	pthread_mutex_unlock(&handles->lock);
	free(handle);
}
