// Sources of LineStore.
