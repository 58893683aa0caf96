// Sources of YAML.
