"""Raw pages in, blueprints and passages out."""
