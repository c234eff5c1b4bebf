"""The building blocks of a problem's programs: `costs`, `constants`, and the `grammar`."""
