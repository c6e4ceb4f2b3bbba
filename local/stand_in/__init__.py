"""The stand-in for AWS that the local stack runs: ministack, and what ministack lacks.

`python3 -B local/stand_in` starts the installed ministack in this process and configures it by ministack's own
environment variables. Nothing is installed or copied; what is missing is put in at named seams of its modules (see
seams.py), and a ministack in which a seam is not where the pinned version has it is refused at the start, by name.

It exists because a proxy in front of a broker that ends mutual TLS cannot pass on who was authenticated: a gateway
would have to be a broker, a registry and a rules engine of its own. It belongs to the local stack and to tests.
Nothing in the product knows it; where it differs from AWS, AWS is right.

Each file adds one thing and says what, why and what AWS does.
"""
