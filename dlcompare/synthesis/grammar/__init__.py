"""What a problem's programs are made of: `costs`, `constants`, and the `grammar`."""
