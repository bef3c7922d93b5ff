"""The camera page: a patient is led through a movement while the camera looks on."""
