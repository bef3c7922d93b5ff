"""What a reviewer corrects in a result, and what follows from it; the machine's own result stays as it is."""
