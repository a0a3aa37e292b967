/* Empty on purpose: the code is in the shared library of the distribution. */
